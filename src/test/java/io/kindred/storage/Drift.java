package io.kindred.storage;

import io.kindred.entry.Key;

/** What a fault of the machine's memory does. */
public final class Drift {

  private Drift() {}

  /** The digests of a key's leaf, branch and slot become another number. */
  public static void at(ShardStore store, Key key) {
    store.digests().add(key.slot(), key.leaf(), 1);
  }
}

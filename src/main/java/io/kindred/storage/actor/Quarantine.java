package io.kindred.storage.actor;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The shards that lost something on this node's disk, with the reason, until they are proven
 * against another owner. They serve no client, nobody streams from them, and a comparison with them
 * is no proof. May be read from any thread.
 */
public final class Quarantine {

  private final SortedMap<Integer, String> reasons;

  public Quarantine(Map<Integer, String> reasons) {
    this.reasons = new ConcurrentSkipListMap<>(reasons);
  }

  /** Of a node whose disk kept everything. */
  public static Quarantine none() {
    return new Quarantine(Map.of());
  }

  public boolean holds(int shard) {
    return reasons.containsKey(shard);
  }

  /** Why, by shard. */
  public SortedMap<Integer, String> reasons() {
    return new TreeMap<>(reasons);
  }

  /** A shard has been proven whole. */
  void lift(int shard) {
    reasons.remove(shard);
  }
}

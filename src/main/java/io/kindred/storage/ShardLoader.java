package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;

/**
 * Merges what was stored of a shard into its store, element by element, in any order. A string and
 * its expiry of one version, which SET writes and which stand side by side in logs and snapshots,
 * are merged in one step, as the SET was. For one thread, {@link #finish} included.
 */
public final class ShardLoader {

  private final ShardStore store;
  // A string or an expiry that the next element may belong to.
  private Element held;

  /** Into this store. */
  public ShardLoader(ShardStore store) {
    this.store = store;
  }

  public ShardStore store() {
    return store;
  }

  /** Merges an element, now or with the next one. */
  public void take(Element element) {
    if (held != null && completes(element)) {
      Element string = element.kind() == Kind.STRING ? element : held;
      Element expiry = element.kind() == Kind.STRING ? held : element;
      store.mergeString(string.key(), string.version(), string.value(), expiry.number());
      held = null;
      return;
    }
    finish();
    if (element.kind() == Kind.STRING || element.kind() == Kind.EXPIRY) {
      held = element;
    } else {
      store.merge(element);
    }
  }

  private boolean completes(Element element) {
    boolean pair =
        element.kind() == Kind.STRING
            ? held.kind() == Kind.EXPIRY
            : element.kind() == Kind.EXPIRY && held.kind() == Kind.STRING;
    return pair && element.version().equals(held.version()) && element.key().equals(held.key());
  }

  /** Merges what waits for the next element. */
  public void finish() {
    if (held != null) {
      store.merge(held);
      held = null;
    }
  }
}

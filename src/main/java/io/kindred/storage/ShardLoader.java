package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a shard's store back: merges what was stored of it, element by element, in any order. A
 * string and its expiry of one version, which SET writes and which stand side by side in logs and
 * snapshots, are merged in one step, as the SET was. For one thread, {@link #finish} included.
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

  /**
   * After a replay of all that a sole owner logged: forgets the marks that a sweep had forgotten,
   * and of which the log still told. An increment that counts against nothing, above a mark, was
   * made when the mark was gone, for who knows a mark counts against it; under the mark it would
   * not count.
   */
  public void forgetSweptMarks() {
    if (store.tombstoneCount() > 0) {
      store.filledSlots().forEach(this::forgetSweptMarks);
    }
  }

  private void forgetSweptMarks(int slot) {
    KeyTable table = store.table();
    List<Key> swept = new ArrayList<>();
    table.forEachRef(
        slot,
        ref -> {
          if (!table.isPlain(ref) && table.state(ref).countsAgainstNothing()) {
            swept.add(table.key(ref));
          }
        });
    swept.forEach(this::forgetMark);
  }

  /** What a store holds depends on what was merged alone, so: all of it again, but for the mark. */
  private void forgetMark(Key key) {
    KeyState state = store.table().state(store.table().find(key));
    List<Element> elements = new ArrayList<>();
    state.visit(ElementCursor.before(key), ElementSlice.whole(elements::add));
    long newest = state.newestTime(Long.MAX_VALUE - 1);
    store.merge(Element.clear(key, new Version(newest, Long.MAX_VALUE)));
    store.remove(key, Long.MIN_VALUE, none -> {});
    elements.stream().filter(element -> element.kind() != Kind.CLEAR).forEach(store::merge);
  }
}

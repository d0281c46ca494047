package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks that an {@link ExpirySweep} had forgotten and of which a replayed log still told. An
 * increment that counts against nothing, above a mark, was made when the mark was gone, for who
 * knows a mark counts against it; under the mark it would not count.
 */
public final class SweptMarks {

  private SweptMarks() {}

  /** Forgets them, after a replay of all that a sole owner logged. On the store's thread. */
  public static void forget(ShardStore store) {
    if (store.tombstoneCount() > 0) {
      store.filledSlots().forEach(slot -> forget(store, slot));
    }
  }

  private static void forget(ShardStore store, int slot) {
    KeyTable table = store.table();
    List<Key> swept = new ArrayList<>();
    table.forEachRef(
        slot,
        ref -> {
          if (!table.isPlain(ref) && table.state(ref).countsAgainstNothing()) {
            swept.add(table.key(ref));
          }
        });
    swept.forEach(key -> forget(store, key));
  }

  /** What a store holds depends on what was merged alone, so: all of it again, but for the mark. */
  private static void forget(ShardStore store, Key key) {
    KeyState state = store.table().state(store.table().find(key));
    List<Element> elements = new ArrayList<>();
    state.visit(ElementCursor.before(key), ElementSlice.whole(elements::add));
    long newest = state.newestTime(Long.MAX_VALUE - 1);
    store.merge(Element.clear(key, new Version(newest, Long.MAX_VALUE)));
    store.remove(key, Long.MIN_VALUE, none -> {});
    elements.stream().filter(element -> element.kind() != Kind.CLEAR).forEach(store::merge);
  }
}

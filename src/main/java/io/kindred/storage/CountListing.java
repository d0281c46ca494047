package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.storage.memory.SortedRows;
import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Lists what was counted on a key's parts as elements, sorted by part: a name and behind it an
 * origin. That is nearly the order of names, but what was counted on a name may come behind the
 * longer names that begin with it. So it waits until the walk has reached what comes behind it.
 */
final class CountListing {

  private final Key key;
  private final Kind kind;
  private final SortedRows rows;
  private final PartRow row;
  private final byte[] from;
  private final PriorityQueue<Element> waiting = new PriorityQueue<>(Element::comparePlace);

  /**
   * @param kind of the elements
   * @param rows of the parts, sorted by name
   * @param row to read them with
   * @param from the part to begin at; empty for all
   */
  CountListing(Key key, Kind kind, SortedRows rows, PartRow row, byte[] from) {
    this.key = key;
    this.kind = kind;
    this.rows = rows;
    this.row = row;
    this.from = from;
  }

  /** Visits a slice; returns the part to go on from, or null where all were visited. */
  byte[] read(ElementSlice slice) {
    awaitShorterNames();
    rows.seek(from);
    for (boolean is = rows.settle(); is; is = rows.next()) {
      if (!waiting.isEmpty()) {
        flush(rows.key(), slice);
      }
      if (slice.isFull()) {
        return rows.key();
      }
      if (PartRow.isPlain(rows)) {
        slice.pass();
      } else {
        awaitRow();
      }
    }
    flush(null, slice);
    return null;
  }

  /** What was counted on names that {@link #from} begins with, as far as it is not before that. */
  private void awaitShorterNames() {
    int length = from.length - 1;
    while (length >= 0) {
      boolean is = rows.seek(from, 0, length);
      if (!is && !rows.previous()) {
        return;
      }
      // Whatever lies between a beginning of from and from itself begins with that too.
      int mismatch =
          Arrays.mismatch(
              rows.bytes(), rows.keyAt(), rows.keyAt() + rows.keyLength(), from, 0, length);
      int shared = mismatch < 0 ? length : mismatch;
      if (shared == rows.keyLength()) {
        awaitRow();
        length = shared - 1;
      } else {
        length = shared;
      }
    }
  }

  private void awaitRow() {
    row.read(rows);
    for (Contribution count : row.counts) {
      byte[] part = count.part(rows.key());
      if (Arrays.compareUnsigned(part, from) >= 0) {
        byte[] value = count.founding() ? new byte[0] : null;
        waiting.add(
            new Element(key, kind, part, count.version(), value, count.number(), count.base()));
      }
    }
  }

  /**
   * Adds those before a name, or all. They are few: each is of a name that the next begins with.
   */
  private void flush(byte[] before, ElementSlice slice) {
    while (!waiting.isEmpty()
        && (before == null || Arrays.compareUnsigned(waiting.peek().part(), before) < 0)) {
      slice.add(waiting.poll());
    }
  }
}

package io.kindred.replication;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is promised from some point on, until all have passed that point: then it holds everywhere.
 * Of a <em>floor</em> at a position of a log: every own entry behind it is above the floor. Of an
 * adopted watermark at a time: whatever was written above that time was written knowing of it.
 *
 * <p>Invariant: points and what is promised at them only grow.
 */
public final class PromiseBook {

  private record Promise(long position, long value) {}

  /** Who is away must not make this grow; a later promise may stand for those before. */
  private static final int OPEN_MAX = 64;

  private final Deque<Promise> open = new ArrayDeque<>();
  private long kept;

  /** Promises something from a point on; less than what was promised before changes nothing. */
  public void promise(long position, long value) {
    Promise last = open.peekLast();
    if (value <= (last == null ? kept : last.value())) {
      return;
    }
    if (last != null && (open.size() == OPEN_MAX || last.position() >= position)) {
      open.removeLast();
    }
    long behind = last == null ? position : Math.max(position, last.position());
    open.addLast(new Promise(behind, value));
  }

  /** All have passed that point. */
  public void keptUpTo(long position) {
    while (!open.isEmpty() && open.peekFirst().position() <= position) {
      kept = open.removeFirst().value();
    }
  }

  /** The most that holds everywhere; 0 while nothing does. */
  public long kept() {
    return kept;
  }
}

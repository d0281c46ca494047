package io.kindred.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A link's requests that have not been answered. Times are in ns of a clock that never jumps. */
final class InFlight {

  /** How long an answer may take once its request was sent and no large transfer goes on. */
  static final long DEADLINE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  /** The same where another node can be asked instead, within the time that clients wait. */
  static final long ELSEWHERE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

  /**
   * How long a request may wait to be sent whole while nothing moves. Longer, since nothing is lost
   * yet, and since a first connection to a busy node takes its time.
   */
  static final long UNSENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1700);

  /**
   * The most that transfers which do go on, of this request or of others, may put a deadline off:
   * 64 MB values take their time on a busy machine.
   */
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * One of them.
   *
   * @param lastFragment the sequence of the fragment that completes it
   * @param sentNanos when it was handed to the sender
   * @param again whether it was refused once before, unread
   * @param patienceNanos how long its answer may take
   */
  record Entry(
      Request request, long lastFragment, long sentNanos, boolean again, long patienceNanos) {

    static Entry of(Request request, long lastFragment, long sentNanos, boolean again) {
      long patience = request.canGoElsewhere() ? ELSEWHERE_NANOS : DEADLINE_NANOS;
      return new Entry(request, lastFragment, sentNanos, again, patience);
    }
  }

  private final Map<Long, Entry> entries = new LinkedHashMap<>();

  void add(long id, Entry entry) {
    entries.put(id, entry);
  }

  /** Takes an entry out; null where it is not there any more. */
  Entry remove(long id) {
    return entries.remove(id);
  }

  /**
   * Takes out what is over its deadline.
   *
   * @param progressNanos when a transfer of many fragments last went on
   * @param isSent whether all of a request has been sent
   */
  List<Entry> removeExpired(long nowNanos, long progressNanos, Predicate<Entry> isSent) {
    List<Entry> expired = new ArrayList<>();
    Iterator<Entry> oldestFirst = entries.values().iterator();
    while (oldestFirst.hasNext()) {
      Entry entry = oldestFirst.next();
      if (nowNanos - entry.sentNanos() <= ELSEWHERE_NANOS) {
        break;
      }
      long deadline = isSent.test(entry) ? entry.patienceNanos() : UNSENT_NANOS;
      long waited = nowNanos - entry.sentNanos();
      boolean isHeldUp = nowNanos - progressNanos <= deadline && waited <= LONGEST_NANOS;
      if (waited > deadline && !isHeldUp) {
        expired.add(entry);
        oldestFirst.remove();
      }
    }
    return expired;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Takes out those of a kind, oldest first. */
  List<Entry> removeIf(Predicate<Entry> kind) {
    List<Entry> those = entries.values().stream().filter(kind).toList();
    entries.values().removeIf(kind);
    return those;
  }

  /** Takes all out, oldest first. */
  List<Entry> removeAll() {
    List<Entry> all = List.copyOf(entries.values());
    entries.clear();
    return all;
  }
}

package io.kindred.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A link's requests that have not been answered. Times are in ns of a clock that never jumps. */
final class InFlight {

  /** How long an answer may take once its request and nothing larger before it is under way. */
  static final long DEADLINE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  /**
   * The most that transfers which do go on, of this request or of others, may put a deadline off:
   * 64 MB values take their time on a busy machine.
   */
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * One of them.
   *
   * @param lastFragment the sequence of the fragment that completes it
   */
  record Entry(Request request, long lastFragment, long sentNanos) {}

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
   */
  List<Entry> removeExpired(long nowNanos, long progressNanos) {
    List<Entry> expired = new ArrayList<>();
    Iterator<Entry> oldestFirst = entries.values().iterator();
    while (oldestFirst.hasNext()) {
      Entry entry = oldestFirst.next();
      if (nowNanos - entry.sentNanos() <= DEADLINE_NANOS) {
        break;
      }
      boolean isHeldUp = nowNanos - progressNanos <= DEADLINE_NANOS;
      if (!isHeldUp || nowNanos - entry.sentNanos() > LONGEST_NANOS) {
        expired.add(entry);
        oldestFirst.remove();
      }
    }
    return expired;
  }

  /** Takes all out, oldest first. */
  List<Entry> removeAll() {
    List<Entry> all = List.copyOf(entries.values());
    entries.clear();
    return all;
  }
}

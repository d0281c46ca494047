package io.kindred.replication.actor;

import io.kindred.entry.Element;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A lane's log in memory, one commit an element. Synced as soon as it is committed. */
final class MemoryLaneLog implements LaneLog {

  private record Entry(int shard, boolean own, Element element, long end) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long end;
  private long oldest;

  @Override
  public void append(int shard, boolean own, Element element) {
    synchronized (this) {
      end += 20 + (element.value() == null ? 0 : element.value().length);
      entries.add(new Entry(shard, own, element, end));
    }
    listeners.forEach(Runnable::run);
  }

  @Override
  public void afterCommit(Runnable done, Consumer<String> failed) {
    done.run();
  }

  @Override
  public String failure() {
    return null;
  }

  @Override
  public void onCommit(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public synchronized long end() {
    return end;
  }

  @Override
  public synchronized long synced() {
    return end;
  }

  @Override
  public synchronized long oldest() {
    return oldest;
  }

  /** Forgets what lies below a position. */
  synchronized void cutTo(long position) {
    oldest = position;
    entries.removeIf(entry -> entry.end() <= position);
  }

  private synchronized Entry after(long position) {
    // Entries are sorted by their ends: the first beyond the position.
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).end() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == entries.size() ? null : entries.get(low);
  }

  @Override
  public LogReader readFrom(long position) {
    if (position < oldest() || position > end()) {
      throw new IllegalArgumentException("no position of this log: " + position);
    }
    return new LogReader() {
      private long at = position;

      @Override
      public long position() {
        return at;
      }

      @Override
      public long read(long bytesMax, Visitor visitor) {
        long before = at;
        Entry next = after(at);
        while (next != null && (at == before || next.end() - before <= bytesMax)) {
          visitor.entry(next.shard(), next.own(), next.element());
          at = next.end();
          next = after(at);
        }
        return at - before;
      }

      @Override
      public void close() {}
    };
  }
}

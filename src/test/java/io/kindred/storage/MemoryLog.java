package io.kindred.storage;

import io.kindred.entry.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A lane's log that keeps what was appended, for tests of what stands above it. */
public final class MemoryLog implements LaneLog {

  /** One entry. */
  public record Entry(int shard, boolean own, Element element) {}

  final List<Entry> entries = new ArrayList<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private String failure;

  void fail(String reason) {
    failure = reason;
  }

  @Override
  public void append(int shard, boolean own, Element element) {
    if (failure != null) {
      throw new LogFailedException(failure);
    }
    entries.add(new Entry(shard, own, element));
    listeners.forEach(Runnable::run);
  }

  @Override
  public void afterCommit(Runnable done, Consumer<String> failed) {
    if (failure == null) {
      done.run();
    } else {
      failed.accept(failure);
    }
  }

  @Override
  public String failure() {
    return failure;
  }

  @Override
  public void onCommit(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public long end() {
    return entries.size();
  }

  @Override
  public long synced() {
    return entries.size();
  }

  @Override
  public long oldest() {
    return 0;
  }

  @Override
  public LogReader readFrom(long position) {
    return new LogReader() {
      private long at = position;

      @Override
      public long position() {
        return at;
      }

      @Override
      public long read(long bytesMax, Visitor visitor) {
        long before = at;
        while (at < entries.size() && at - before < bytesMax) {
          Entry entry = entries.get((int) at++);
          visitor.entry(entry.shard(), entry.own(), entry.element());
        }
        return at - before;
      }

      @Override
      public void close() {}
    };
  }
}

package io.kindred.server;

import io.kindred.entry.Element;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A log without a disk: remembers what was appended, and takes it for durable at once, unless told
 * to hold.
 */
final class ForgetfulLog implements LaneLog {

  private final List<Element> appended = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;

  /** What was appended since the last call. */
  synchronized List<Element> take() {
    List<Element> taken = List.copyOf(appended);
    appended.clear();
    return taken;
  }

  /** From now on nothing is durable, so nothing is answered. */
  synchronized void hold() {
    holding = true;
  }

  /** How many wait for {@link #release}. */
  synchronized int held() {
    return held.size();
  }

  synchronized void release() {
    holding = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  @Override
  public synchronized void append(int shard, boolean own, Element element) {
    appended.add(element);
  }

  @Override
  public synchronized void afterCommit(Runnable done, Consumer<String> failed) {
    if (holding) {
      held.add(done);
    } else {
      done.run();
    }
  }

  @Override
  public String failure() {
    return null;
  }

  @Override
  public void onCommit(Runnable listener) {
    throw new UnsupportedOperationException("nobody is fed from it");
  }

  @Override
  public long end() {
    return 0;
  }

  @Override
  public long synced() {
    return 0;
  }

  @Override
  public long oldest() {
    return 0;
  }

  @Override
  public LogReader readFrom(long position) {
    throw new UnsupportedOperationException("nobody reads it");
  }
}

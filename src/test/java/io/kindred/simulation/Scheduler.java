package io.kindred.simulation;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * Time and chance. Events run one after the other, in the order of their moments, and of their
 * making where the moments are equal; the same seed gives the same run.
 */
final class Scheduler {

  /** Virtual time starts here, so that hybrid times look as they do in life. */
  static final long START_MILLIS = 1_767_225_600_000L;

  private record Event(long moment, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byMoment = Long.compare(moment, other.moment);
      return byMoment != 0 ? byMoment : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Random random;
  private long micros;
  private long made;

  Scheduler(long seed) {
    this.random = new Random(seed);
  }

  /** Virtual microseconds since the start. */
  long micros() {
    return micros;
  }

  /** Virtual milliseconds since 1970. */
  long millis() {
    return START_MILLIS + micros / 1000;
  }

  /** The one die of the run. */
  Random random() {
    return random;
  }

  /** Whether something happens that happens so often, 0 to 1. */
  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A number from {@code least} to {@code most}, inclusive. */
  long between(long least, long most) {
    return least + (long) (random.nextDouble() * (most - least + 1));
  }

  void after(long delayMicros, Runnable action) {
    events.add(new Event(micros + Math.max(0, delayMicros), made++, action));
  }

  /** Runs the next event; false when there is none left. */
  boolean step() {
    Event next = events.poll();
    if (next == null) {
      return false;
    }
    micros = next.moment();
    next.action().run();
    return true;
  }
}

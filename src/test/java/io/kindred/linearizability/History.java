package io.kindred.linearizability;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What concurrent clients asked of one key, when, and what they were answered. From any thread. */
public final class History {

  /**
   * One command.
   *
   * @param called when it was sent; moments are numbered in their order
   * @param returned when it was answered; {@link Long#MAX_VALUE} where nobody knows whether it was
   *     done, or will be
   * @param input what was asked
   * @param output what was answered; null where nobody knows
   */
  public record Operation(int client, long called, long returned, Object input, Object output) {

    /** Whether the client was answered. */
    public boolean isComplete() {
      return returned != Long.MAX_VALUE;
    }
  }

  private final AtomicLong moments = new AtomicLong();
  private final List<Operation> operations = new ArrayList<>();

  /** A command is about to be sent; gives the moment. */
  public long call() {
    return moments.incrementAndGet();
  }

  /** It was answered. */
  public void returned(int client, long called, Object input, Object output) {
    long now = moments.incrementAndGet();
    synchronized (operations) {
      operations.add(new Operation(client, called, now, input, output));
    }
  }

  /** Nobody knows what became of it. */
  public void unknown(int client, long called, Object input) {
    synchronized (operations) {
      operations.add(new Operation(client, called, Long.MAX_VALUE, input, null));
    }
  }

  /** All so far. */
  public List<Operation> operations() {
    synchronized (operations) {
      return List.copyOf(operations);
    }
  }
}

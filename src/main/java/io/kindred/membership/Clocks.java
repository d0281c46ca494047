package io.kindred.membership;

import io.kindred.ring.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches how far the others' clocks are off, by the times that their pulses carry. A pulse that
 * was held up looks like a slow clock, so one alone proves nothing. For one thread.
 */
public final class Clocks {

  // From here on last-writer-wins begins to surprise; at 400 ms client writes will be refused.
  private static final long OFFSET_MAX_MILLIS = 250;
  // Fewer, and a pause of either process raises an alarm.
  private static final int PULSES = 5;

  private final Map<NodeId, Integer> offInARow = new HashMap<>();

  /**
   * Whether this pulse shows that a clock has come to be off; said once until it is right again.
   */
  public boolean isOff(NodeId node, long offsetMillis) {
    if (Math.abs(offsetMillis) <= OFFSET_MAX_MILLIS) {
      offInARow.remove(node);
      return false;
    }
    return offInARow.merge(node, 1, Integer::sum) == PULSES;
  }
}

package io.kindred.membership;

import io.kindred.ring.NodeId;
import java.util.List;

/**
 * What a pulse tells of its sender's clock, and of when it heard the others.
 *
 * @param wallMillis the clock that stamps the sender's writes, ms since 1970, read when it was sent
 * @param sentNanos when it was sent, on the sender's own steady clock, whose zero nobody else knows
 * @param fenced whether the sender refuses its clients' writes because of its clock
 * @param echoes one for each node that the sender heard lately
 */
public record ClockPulse(long wallMillis, long sentNanos, boolean fenced, List<Echo> echoes) {

  /**
   * Gives a pulse's time of sending back to who sent it.
   *
   * @param to whose pulse it was
   * @param sentNanos what the newest of its pulses said
   * @param heldNanos how long before this was sent that one had come, by the echoing node
   */
  public record Echo(NodeId to, long sentNanos, long heldNanos) {}

  public ClockPulse {
    echoes = List.copyOf(echoes);
  }
}

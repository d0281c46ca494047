package io.kindred.membership;

import io.kindred.membership.ClockPulse.Echo;
import io.kindred.ring.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How far the others' clocks are off, from what their pulses carry. Knows no clock; it is told what
 * the time was. For one thread.
 *
 * <p>Each pulse echoes the others' newest ones, with the time that they were held. A round trip is
 * told by one node's steady clock alone, and only the pulse's own time is compared with the wall
 * clock it meets: of NTP's four times these two and one difference, so that a clock that is set
 * between two pulses spoils no sample.
 *
 * <p>Whatever holds a pulse up (a network, a full queue, a process that is stopped) makes its round
 * trip longer and so its error: it widens what may be true and never tells something wrong.
 */
public final class PeerClocks {

  // What says more than this is no round trip: the echo is of another life of a machine.
  private static final long ROUND_TRIP_MAX_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** One of them; a pulse's times are of its newest. */
  private static final class Peer {
    private final ClockFilter filter = new ClockFilter();
    private long sentNanos;
    private long cameNanos;
    private boolean fenced;
  }

  private final NodeId self;
  private final Map<NodeId, Peer> peers = new TreeMap<>();

  public PeerClocks(NodeId self) {
    this.self = self;
  }

  /**
   * A pulse came. The wall clock must be read before the steady one, since a pause between the two
   * then only makes the round trip longer.
   *
   * @param wallMillis this node's wall clock, ms since 1970
   * @param nanos this node's steady clock
   */
  public void heard(NodeId from, ClockPulse pulse, long wallMillis, long nanos) {
    Peer peer = peers.computeIfAbsent(from, id -> new Peer());
    peer.sentNanos = pulse.sentNanos();
    peer.cameNanos = nanos;
    peer.fenced = pulse.fenced();
    for (Echo echo : pulse.echoes()) {
      long roundTrip = nanos - echo.sentNanos() - echo.heldNanos();
      // Below zero: sent by this node's process before it was started again.
      if (echo.to().equals(self) && roundTrip >= 0 && roundTrip <= ROUND_TRIP_MAX_NANOS) {
        peer.filter.add(ClockSample.of(pulse.wallMillis(), wallMillis, roundTrip));
      }
    }
  }

  /**
   * What a pulse that is sent now is to echo. To be asked before the wall clock is read for the
   * same pulse, for the reason that {@link #heard} has.
   */
  public List<Echo> echoes(long nanos) {
    return peers.entrySet().stream()
        .map(
            entry ->
                new Echo(
                    entry.getKey(), entry.getValue().sentNanos, nanos - entry.getValue().cameNanos))
        .toList();
  }

  /** Forgets all others: what was known of one that is out of reach may be so no more. */
  public void keep(Collection<NodeId> inReach) {
    peers.keySet().retainAll(inReach);
  }

  /** Those heard of, sorted by node. */
  public List<PeerClock> all() {
    return peers.entrySet().stream()
        .map(
            entry -> {
              Optional<ClockOffset> offset =
                  entry.getValue().filter.best().map(ClockSample::offset);
              return new PeerClock(entry.getKey(), offset, entry.getValue().fenced);
            })
        .toList();
  }
}

package io.kindred.membership.actor;

import io.kindred.entry.TimeSource;
import io.kindred.membership.ClockBoard;
import io.kindred.membership.ClockFence;
import io.kindred.membership.ClockLimits;
import io.kindred.membership.ClockOffset;
import io.kindred.membership.ClockPulse;
import io.kindred.membership.ClockWarnings;
import io.kindred.membership.PeerClock;
import io.kindred.membership.PeerClocks;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the clocks for a ring keeper's pulses, and says in the log which of them are off. */
final class ClockWatch {

  private static final Logger LOG = LoggerFactory.getLogger(RingKeeper.class);

  private final TimeSource wall;
  private final ClockLimits limits;
  private final ClockBoard board;
  private final PeerClocks clocks;
  private final ClockWarnings warnings;

  ClockWatch(NodeId self, TimeSource wall, ClockLimits limits, ClockBoard board) {
    this.wall = wall;
    this.limits = limits;
    this.board = board;
    this.clocks = new PeerClocks(self);
    this.warnings = new ClockWarnings(limits);
  }

  /** What a pulse says that is sent at once. */
  ClockPulse pulse() {
    long nanos = System.nanoTime();
    List<ClockPulse.Echo> echoes = clocks.echoes(nanos);
    boolean fenced = board.current().fence().isPresent();
    return new ClockPulse(wall.millis(), nanos, fenced, echoes);
  }

  /** A pulse came, just now. */
  void heard(NodeId from, ClockPulse pulse) {
    long wallMillis = wall.millis();
    clocks.heard(from, pulse, wallMillis, System.nanoTime());
  }

  /** To be called about each second. */
  void judge(Optional<Ring> ring, Set<NodeId> inReach) {
    clocks.keep(inReach);
    warnings.newlyOff(clocks.all()).forEach(this::warn);
    Optional<ClockFence> before = board.current().fence();
    Optional<ClockFence> fence =
        board.judge(ring.map(Ring::voters).orElse(List.of()), clocks.all(), limits).fence();
    if (fence.isPresent() && before.isEmpty()) {
      LOG.error("clients' writes are refused from now on: {}", fence.get().refusal(limits));
    } else if (fence.isEmpty() && before.isPresent()) {
      LOG.info("clients' writes go on: this node's clock is no longer off from a majority");
    }
  }

  private void warn(PeerClock peer) {
    ClockOffset offset = peer.offset().orElseThrow();
    LOG.warn(
        "the clock of {} is {} ms {} this node's, give or take {} ms: one of the two is off. Of two"
            + " writes to one key the later clock's wins, so look after the time service (NTP) of"
            + " both; at {} ms from a majority a node refuses its clients' writes",
        peer.node(),
        Math.abs(offset.offsetMillis()),
        offset.offsetMillis() > 0 ? "ahead of" : "behind",
        offset.errorMillis(),
        limits.fence().toMillis());
  }
}

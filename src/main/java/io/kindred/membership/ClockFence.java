package io.kindred.membership;

import io.kindred.ring.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A node whose clock is off: it takes no writes of clients, since one stamped too early loses
 * against older ones, and one stamped too late makes later ones lose. What others send is merged
 * and reads are answered as ever.
 *
 * <p>The rule: it is fenced while a majority of the ring's voters are all ahead of it, or all
 * behind it, by the limit and the error on top. So as long as most clocks are right, the right ones
 * are never fenced and one that is off always is, if a majority is in reach. Of two nodes nobody
 * can tell which one is wrong, and of those out of reach nothing is known: then nobody is fenced.
 *
 * <p>Decided: all ahead or all behind. By "off from a majority" in whichever direction, the middle
 * one of three clocks half a second apart would be fenced too, and nobody took writes.
 *
 * <p>It ends once fewer than a majority are beyond the limit for warnings, by the best guess and
 * without the error: a network that has become slow must not look like a clock that was set right.
 *
 * @param behind whether this node is behind them, rather than ahead
 * @param against the voters from which it is off, sorted by node
 * @param voters how many the ring has, this node included
 */
public record ClockFence(boolean behind, List<PeerClock> against, int voters) {

  public ClockFence {
    against = List.copyOf(against);
  }

  /**
   * Whether a node is fenced now.
   *
   * @param before whether it was
   * @param voters of the ring; none where there is no ring yet
   * @param peers the others that are in reach
   */
  static Optional<ClockFence> judge(
      Optional<ClockFence> before,
      Collection<NodeId> voters,
      Collection<PeerClock> peers,
      ClockLimits limits) {
    return side(false, before, voters, peers, limits)
        .or(() -> side(true, before, voters, peers, limits));
  }

  private static Optional<ClockFence> side(
      boolean behind,
      Optional<ClockFence> before,
      Collection<NodeId> voters,
      Collection<PeerClock> peers,
      ClockLimits limits) {
    boolean stays = before.filter(fence -> fence.behind() == behind).isPresent();
    List<PeerClock> off =
        peers.stream()
            .filter(peer -> voters.contains(peer.node()))
            .filter(peer -> peer.offset().filter(o -> isOff(o, behind, stays, limits)).isPresent())
            .toList();
    return off.size() > voters.size() / 2
        ? Optional.of(new ClockFence(behind, off, voters.size()))
        : Optional.empty();
  }

  private static boolean isOff(
      ClockOffset offset, boolean behind, boolean stays, ClockLimits limits) {
    boolean beyond =
        stays
            ? Math.abs(offset.offsetMillis()) >= limits.warn().toMillis()
            : offset.isSurely(limits.fence().toMillis());
    return beyond && behind == offset.offsetMillis() > 0;
  }

  /** By how many milliseconds it is off from the nearest of them. */
  public long millis() {
    return against.stream()
        .mapToLong(peer -> Math.abs(peer.offset().orElseThrow().offsetMillis()))
        .min()
        .orElse(0);
  }

  /** What a client is told whose write is refused: one line, with the word that it begins with. */
  public String refusal(ClockLimits limits) {
    String others =
        against.stream()
            .map(
                peer ->
                    peer.node().name()
                        + " by "
                        + Math.abs(peer.offset().orElseThrow().offsetMillis())
                        + " ms")
            .collect(Collectors.joining(", "));
    return "CLOCKSKEW This node's clock is "
        + millis()
        + " ms "
        + (behind ? "behind" : "ahead of")
        + " "
        + against.size()
        + " of the ring's "
        + voters
        + " nodes ("
        + others
        + "), so it refuses writes and reads go on. Write to another node, and set this one's clock"
        + " right (NTP): writes go on by themselves once it is within "
        + limits.warn().toMillis()
        + " ms";
  }
}

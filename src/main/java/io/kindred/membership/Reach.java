package io.kindred.membership;

import static java.util.stream.Collectors.toSet;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who is in reach of this node, by what it hears itself: a node is in reach while its pulses
 * arrive, and while they say that ours arrive there. Knows no clock; it is told how much time
 * passed. For one thread.
 *
 * <p>Decided: own evidence only. Pekko's unreachability is what <em>any</em> member observes, so a
 * cut between two racks would put each out of reach of a third that reaches both.
 */
public final class Reach {

  /** What a node last said of itself. */
  public record Neighbour(Member member, Phase phase, List<Silence> silences) {}

  private final NodeId self;
  private final Duration outOfReachAfter;
  private final Duration stepMax;
  private final Map<NodeId, Duration> silences = new TreeMap<>();
  private final Map<NodeId, Neighbour> neighbours = new TreeMap<>();

  /**
   * A node that has heard of nobody.
   *
   * @param stepMax the most time that one {@link #passed} may count for: a process that was stopped
   *     for a minute has heard nothing for a minute, and must not conclude from it that all others
   *     are lost
   */
  public Reach(NodeId self, Duration outOfReachAfter, Duration stepMax) {
    this.self = self;
    this.outOfReachAfter = outOfReachAfter;
    this.stepMax = stepMax;
  }

  /** Time went by. */
  public void passed(Duration time) {
    Duration step = time.compareTo(stepMax) < 0 ? time : stepMax;
    silences.replaceAll((id, silence) -> silence.plus(step));
  }

  /** A pulse came. */
  public void heard(Neighbour neighbour) {
    silences.put(neighbour.member().id(), Duration.ZERO);
    neighbours.put(neighbour.member().id(), neighbour);
  }

  /**
   * From now on these belong: the silence of those never heard begins to count, and what is out of
   * reach and does not belong is forgotten.
   */
  public void expect(Collection<NodeId> members) {
    members.stream()
        .filter(id -> !id.equals(self))
        .forEach(id -> silences.putIfAbsent(id, Duration.ZERO));
    silences
        .entrySet()
        .removeIf(entry -> !members.contains(entry.getKey()) && isLong(entry.getValue()));
    neighbours.keySet().retainAll(silences.keySet());
  }

  private boolean isLong(Duration silence) {
    return silence.compareTo(outOfReachAfter) >= 0;
  }

  /** Whom this node can talk with, itself included. */
  public Set<NodeId> inReach() {
    Set<NodeId> inReach = new HashSet<>();
    inReach.add(self);
    neighbours.forEach(
        (id, neighbour) -> {
          if (!isLong(silences.get(id)) && hearsUs(neighbour)) {
            inReach.add(id);
          }
        });
    return inReach;
  }

  private boolean hearsUs(Neighbour neighbour) {
    return neighbour.silences().stream()
        .noneMatch(
            silence -> silence.of().equals(self) && isLong(Duration.ofMillis(silence.millis())));
  }

  /** The neighbours in reach, by what they last said. */
  public List<Neighbour> neighboursInReach() {
    Set<NodeId> inReach = inReach();
    return neighbours.values().stream()
        .filter(neighbour -> inReach.contains(neighbour.member().id()))
        .toList();
  }

  /** The Artery addresses of the neighbours in reach. */
  public Set<String> addressesInReach() {
    return neighboursInReach().stream()
        .map(neighbour -> neighbour.member().arteryAddress())
        .collect(toSet());
  }

  /** What each other node last announced, out of reach or not. */
  public Map<NodeId, Phase> phases() {
    Map<NodeId, Phase> phases = new HashMap<>();
    neighbours.forEach((id, neighbour) -> phases.put(id, neighbour.phase()));
    return phases;
  }

  /** How long each other node has been silent here, sorted by node. */
  public List<Silence> silences() {
    return silences.entrySet().stream()
        .map(entry -> new Silence(entry.getKey(), entry.getValue().toMillis()))
        .toList();
  }

  /** What this node and those in its reach say of the others' silence. */
  public Map<NodeId, List<Silence>> testimonies() {
    Map<NodeId, List<Silence>> testimonies = new TreeMap<>();
    testimonies.put(self, silences());
    neighboursInReach()
        .forEach(neighbour -> testimonies.put(neighbour.member().id(), neighbour.silences()));
    return testimonies;
  }
}

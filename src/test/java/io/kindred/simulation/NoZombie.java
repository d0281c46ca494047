package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What was deleted, removed or has expired, and was answered so, is not seen again: at the node
 * that answered at once, at every owner at rest. Whatever is seen was made by somebody, after that.
 */
final class NoZombie implements Invariant {

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    if (Workload.isCounter(key)) {
      return;
    }
    check(simulation, node, key, simulation.ledger().acknowledgedAt(key, node.id()));
  }

  @Override
  public void atRest(Simulation simulation) {
    for (Key key : simulation.ledger().keys()) {
      if (!Workload.isCounter(key)) {
        List<Element> acknowledged = simulation.ledger().acknowledged(key);
        simulation.owners(key).forEach(owner -> check(simulation, owner, key, acknowledged));
      }
    }
  }

  private void check(
      Simulation simulation, SimulatedNode node, Key key, List<Element> acknowledged) {
    List<Element> made = simulation.ledger().made(key);
    long now = node.millis();
    for (Reading.Seen seen : Reading.of(node, key, now)) {
      Element source =
          seen.madeAs(made)
              .orElseThrow(
                  () ->
                      new Violation(
                          this, node.id() + " shows " + key + " " + seen + ", which nobody wrote"));
      for (Element end : acknowledged) {
        if (ends(end, source)) {
          throw new Violation(
              this,
              node.id() + " shows " + key + " " + seen + ", ended by " + end + ", of " + source);
        }
      }
      passedExpiry(made, acknowledged, now)
          .filter(time -> source.version().time() <= time)
          .ifPresent(
              time -> {
                throw new Violation(
                    this, node.id() + " shows " + key + " " + seen + ", which has expired");
              });
    }
  }

  private static boolean clears(Element end, Element other) {
    return end.kind() == Element.Kind.CLEAR && end.version().time() >= other.version().time();
  }

  private static boolean ends(Element end, Element source) {
    boolean removed = end.isTombstone() && end.samePlace(source) && end.beats(source);
    // What was counted after a removal, and without knowing of it, may show or not.
    boolean removedCounted =
        end.isTombstone()
            && source.kind() == Element.Kind.SCORE_COUNT
            && end.kind() == Element.Kind.SCORE
            && Arrays.equals(end.part(), source.countedName())
            && end.version().time() >= source.version().time();
    return clears(end, source) || removed || removedCounted;
  }

  /**
   * Up to which time the key has expired; empty unless the strongest expiry of all was answered,
   * and nobody cleared the key since.
   */
  private static Optional<Long> passedExpiry(
      List<Element> made, List<Element> acknowledged, long now) {
    return made.stream()
        .filter(element -> element.kind() == Element.Kind.EXPIRY)
        .max(Element::compareStrength)
        .filter(expiry -> acknowledged.contains(expiry) && expiry.number() <= now)
        .filter(expiry -> made.stream().noneMatch(other -> clears(other, expiry)))
        .map(
            expiry -> Math.max(HybridClock.lastOfMillis(expiry.number()), expiry.version().time()));
  }
}

package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import java.util.Collection;
import java.util.List;

/**
 * What a client was told is done is there, or something that was made after it: in the store of the
 * node that answered at once, in every owner's at rest.
 */
final class NoAcknowledgedWriteLost implements Invariant {

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    check(simulation, node, key, simulation.ledger().acknowledgedAt(key, node.id()));
  }

  @Override
  public void atRest(Simulation simulation) {
    for (Key key : simulation.ledger().keys()) {
      List<Element> acknowledged = simulation.ledger().acknowledged(key);
      simulation.owners(key).forEach(owner -> check(simulation, owner, key, acknowledged));
    }
  }

  private void check(
      Simulation simulation, SimulatedNode node, Key key, List<Element> acknowledged) {
    List<Element> kept = node.listing(key);
    for (Element written : Ledger.strongest(acknowledged)) {
      if (!isThereOrOutlived(written, kept)
          && !Purged.excuses(node, written, simulation.ledger().made(key))) {
        throw new Violation(this, written + " is not at " + node.id() + ", which keeps " + kept);
      }
    }
  }

  /** Whether it is kept, or something that ended it. */
  static boolean isThereOrOutlived(Element written, Collection<Element> kept) {
    for (Element element : kept) {
      boolean there = element.samePlace(written) && !written.beats(element);
      boolean cleared =
          element.kind() == Element.Kind.CLEAR
              && element.version().time() >= written.version().time();
      boolean retyped =
          isTyped(written)
              && isTyped(element)
              && !Types.of(element).equals(Types.of(written))
              && element.version().compareTo(written.version()) > 0;
      boolean writtenOver =
          written.kind() == Element.Kind.COUNT
              && element.kind() == Element.Kind.STRING
              && element.version().time() >= written.version().time();
      boolean scoredAnew =
          written.kind() == Element.Kind.SCORE_COUNT
              && element.kind() == Element.Kind.SCORE
              && java.util.Arrays.equals(element.part(), written.countedName())
              && element.version().time() >= written.version().time();
      if (there || cleared || retyped || writtenOver || scoredAnew) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTyped(Element element) {
    return Types.of(element).isPresent();
  }
}

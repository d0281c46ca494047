package io.kindred.reconcile;

import io.kindred.entry.Element;
import io.kindred.ring.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Walks the listings of several nodes side by side and says of each place which element wins and
 * who lacks it. Is given the elements one by one in the order of {@link Element#comparePlace},
 * whosever they are; remembers those of one place only, so its memory does not grow with the
 * listings.
 *
 * <p>An element at or below the newest clear mark that any listing has for its key is passed over:
 * whoever merges the mark drops it, and recommending it would only be superseded. Whether something
 * else outlives a winner (another type's, say) is left to the merge that it ends in.
 */
public final class ElementMerge {

  /** One node's element, as it stands in that node's listing. */
  public record Listed(NodeId node, Element element) {}

  /**
   * A place in which the compared nodes do not all hold the same.
   *
   * @param winner the newest that any of them holds
   * @param lacking who has nothing in the place, or something that the winner beats; ascending
   */
  public record Difference(Element winner, List<NodeId> lacking) {}

  private final IntFunction<? extends Collection<NodeId>> participants;
  private final SortedMap<NodeId, Element> here = new TreeMap<>();
  private Element place;
  private Element winner;
  private Element mark;

  /**
   * A merge that has seen nothing yet.
   *
   * @param participants of a slot: whose listings cover it; only they can lack anything in it
   */
  public ElementMerge(IntFunction<? extends Collection<NodeId>> participants) {
    this.participants = participants;
  }

  /**
   * Takes the next element of all listings.
   *
   * @return the place before it, if that is now done and the nodes differ in it
   * @throws IllegalArgumentException where the order is broken or a node lists a place twice
   */
  public Optional<Difference> accept(Listed listed) {
    Element element = listed.element();
    int order = place == null ? -1 : place.comparePlace(element);
    if (order > 0) {
      throw new IllegalArgumentException("out of order: " + element + " after " + place);
    }
    Optional<Difference> done = order < 0 ? finish() : Optional.empty();
    if (order < 0) {
      place = element;
      winner = element;
      if (mark != null && !mark.key().equals(element.key())) {
        mark = null;
      }
    }
    if (here.put(listed.node(), element) != null) {
      throw new IllegalArgumentException(listed.node() + " lists a place twice: " + element);
    }
    if (element.beats(winner)) {
      winner = element;
    }
    return done;
  }

  /** Ends the last place; the merge can then go on with other listings. */
  public Optional<Difference> finish() {
    if (place == null) {
      return Optional.empty();
    }
    Optional<Difference> difference = outlived(winner) ? Optional.empty() : difference();
    if (winner.kind() == Element.Kind.CLEAR) {
      mark = winner;
    }
    place = null;
    here.clear();
    return difference;
  }

  private boolean outlived(Element element) {
    return mark != null
        && mark.key().equals(element.key())
        && element.version().time() <= mark.version().time();
  }

  private Optional<Difference> difference() {
    SortedSet<NodeId> lacking = new TreeSet<>();
    for (NodeId node : participants.apply(place.key().slot())) {
      Element held = here.get(node);
      if (held == null || winner.beats(held)) {
        lacking.add(node);
      }
    }
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(new Difference(winner, List.copyOf(lacking)));
  }
}

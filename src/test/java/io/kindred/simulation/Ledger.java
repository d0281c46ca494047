package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.ring.NodeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What really happened: every element that a client's command made, at which node, and whether the
 * client was told that it is done; and what clients were shown. The invariants judge by it.
 */
final class Ledger {

  /** How sure a client can be of what it asked for. */
  enum Certainty {
    /** Not answered yet, or never. */
    PENDING,
    /** Answered. */
    ACKNOWLEDGED,
    /** Answered, and then the one disk that had it lost its unsynced end: as promised, no more. */
    FORGIVEN
  }

  /** One command's doing. */
  static final class Issue {
    final NodeId node;
    final Key key;
    final String command;
    final long increment;
    final List<Element> elements;
    final int lane;
    long logEnd = Long.MAX_VALUE;
    Certainty certainty = Certainty.PENDING;

    Issue(NodeId node, Key key, String command, long increment, List<Element> elements, int lane) {
      this.node = node;
      this.key = key;
      this.command = command;
      this.increment = increment;
      this.elements = List.copyOf(elements);
      this.lane = lane;
    }

    @Override
    public String toString() {
      return certainty + " " + command + " at " + node + " made " + elements;
    }
  }

  /** Where an element stands within its key. */
  record Place(Element.Kind kind, ByteBuffer part) {
    static Place of(Element element) {
      return new Place(element.kind(), ByteBuffer.wrap(element.part()));
    }
  }

  /** What a client was shown at a node, and up to where the lane's log had to hold for that. */
  private record Shown(Element element, int lane, long logEnd) {}

  private final Map<Key, List<Issue>> issues = new LinkedHashMap<>();
  private final Map<Key, List<Element>> made = new HashMap<>();
  private final Map<NodeId, Map<Key, Map<Place, Shown>>> shown = new HashMap<>();

  void add(Issue issue) {
    issues.computeIfAbsent(issue.key, key -> new ArrayList<>()).add(issue);
    made.computeIfAbsent(issue.key, key -> new ArrayList<>()).addAll(issue.elements);
  }

  /**
   * A client was told of what a node has of a key.
   *
   * @param logEnd up to where the lane's log was as durable then as an answer promises
   */
  void show(NodeId node, Key key, List<Element> elements, int lane, long logEnd) {
    Map<Place, Shown> ofKey =
        shown
            .computeIfAbsent(node, any -> new HashMap<>())
            .computeIfAbsent(key, any -> new LinkedHashMap<>());
    for (Element element : elements) {
      ofKey.merge(
          Place.of(element),
          new Shown(element, lane, logEnd),
          (one, other) -> other.element().beats(one.element()) ? other : one);
    }
  }

  /** What clients were shown of a key at a node, and no permitted loss took back. */
  List<Element> shownAt(Key key, NodeId node) {
    return shown.getOrDefault(node, Map.of()).getOrDefault(key, Map.of()).values().stream()
        .map(Shown::element)
        .toList();
  }

  Collection<Key> keys() {
    return issues.keySet();
  }

  List<Issue> of(Key key) {
    return issues.getOrDefault(key, List.of());
  }

  /** How many commands were answered, and not lost since. */
  long acknowledged() {
    return issues.values().stream()
        .flatMap(List::stream)
        .filter(issue -> issue.certainty == Certainty.ACKNOWLEDGED)
        .count();
  }

  /** All elements that were made for a key, answered or not. */
  List<Element> made(Key key) {
    return Collections.unmodifiableList(made.getOrDefault(key, List.of()));
  }

  /** Those whose commands were answered, and that no permitted loss excuses. */
  List<Element> acknowledged(Key key) {
    List<Element> elements = new ArrayList<>();
    for (Issue issue : of(key)) {
      if (issue.certainty == Certainty.ACKNOWLEDGED) {
        elements.addAll(issue.elements);
      }
    }
    return elements;
  }

  /** The same, of one node alone. */
  List<Element> acknowledgedAt(Key key, NodeId node) {
    List<Element> elements = new ArrayList<>();
    for (Issue issue : of(key)) {
      if (issue.certainty == Certainty.ACKNOWLEDGED && issue.node.equals(node)) {
        elements.addAll(issue.elements);
      }
    }
    return elements;
  }

  /** The strongest of each place. */
  static Collection<Element> strongest(Collection<Element> elements) {
    Map<Place, Element> best = new LinkedHashMap<>();
    for (Element element : elements) {
      best.merge(Place.of(element), element, (one, other) -> other.beats(one) ? other : one);
    }
    return best.values();
  }

  /** A node's disk lost what lay behind {@code synced} of a lane's log. */
  void forgive(NodeId node, int lane, long synced) {
    for (List<Issue> all : issues.values()) {
      for (Issue issue : all) {
        if (issue.node.equals(node)
            && issue.lane == lane
            && issue.certainty == Certainty.ACKNOWLEDGED
            && issue.logEnd > synced) {
          issue.certainty = Certainty.FORGIVEN;
        }
      }
    }
    for (Map<Place, Shown> ofKey : shown.getOrDefault(node, Map.of()).values()) {
      ofKey.values().removeIf(each -> each.lane() == lane && each.logEnd() > synced);
    }
  }
}

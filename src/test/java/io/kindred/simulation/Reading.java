package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.storage.ShardStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a client would see of a key at one node: the string, or each field, member, scored member or
 * item.
 */
final class Reading {

  /**
   * One thing seen.
   *
   * @param kind STRING, FIELD, MEMBER, SCORE or ITEM
   * @param part the field or member, or an item's position
   * @param value null for members
   * @param score 0 for all but scored members
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by hand below
  record Seen(Element.Kind kind, byte[] part, byte[] value, double score) {

    /** The strongest element made that can be what was seen; empty where nobody wrote that. */
    Optional<Element> madeAs(List<Element> made) {
      if (kind == Element.Kind.SCORE && made.stream().anyMatch(this::countsOnIt)) {
        // A sum, of which no single element tells.
        return made.stream()
            .filter(element -> countsOnIt(element) || isInPlace(element))
            .max(Comparator.comparing(Element::version));
      }
      return made.stream()
          .filter(this::isInPlace)
          .filter(element -> value == null || Arrays.equals(element.value(), value))
          .filter(element -> kind != Element.Kind.SCORE || element.score() == score)
          .max(Element::compareStrength);
    }

    private boolean isInPlace(Element element) {
      return element.kind() == kind
          && Arrays.equals(element.part(), part)
          && !element.isTombstone();
    }

    private boolean countsOnIt(Element element) {
      return element.kind() == Element.Kind.SCORE_COUNT
          && Arrays.equals(element.countedName(), part);
    }

    @Override
    public String toString() {
      String shown = new String(part, java.nio.charset.StandardCharsets.ISO_8859_1);
      return kind
          + (part.length == 0 ? "" : " " + shown)
          + (value == null
              ? ""
              : " '" + new String(value, java.nio.charset.StandardCharsets.ISO_8859_1) + "'");
    }
  }

  private static final byte[] NO_PART = new byte[0];

  private Reading() {}

  /** All that is seen of a key at a moment of the node's own clock. */
  static List<Seen> of(SimulatedNode node, Key key, long now) {
    ShardStore store = node.shard(key).store();
    List<Seen> seen = new ArrayList<>();
    switch (store.type(key, now)) {
      case NONE -> {}
      case STRING -> seen.add(new Seen(Element.Kind.STRING, NO_PART, store.string(key, now), 0));
      case HASH ->
          store.forEachField(
              key, now, (field, value) -> seen.add(new Seen(Element.Kind.FIELD, field, value, 0)));
      case SET ->
          store.forEachMember(
              key, now, member -> seen.add(new Seen(Element.Kind.MEMBER, member, null, 0)));
      case ZSET ->
          store.forEachScored(
              key,
              now,
              0,
              store.scoredCount(key, now),
              false,
              (member, score) -> seen.add(new Seen(Element.Kind.SCORE, member, null, score)));
      case LIST ->
          store.forEachItem(
              key,
              now,
              0,
              store.itemCount(key, now),
              false,
              (position, value) -> seen.add(new Seen(Element.Kind.ITEM, position, value, 0)));
    }
    return seen;
  }
}

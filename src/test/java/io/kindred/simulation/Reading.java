package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.storage.ShardStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a client would see of a key at one node: the string, or each field, or each member. */
final class Reading {

  /**
   * One thing seen.
   *
   * @param kind STRING, FIELD or MEMBER
   * @param part the field or member
   * @param value null for a member
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by hand below
  record Seen(Element.Kind kind, byte[] part, byte[] value) {

    /** The strongest element made that can be what was seen; empty where nobody wrote that. */
    Optional<Element> madeAs(List<Element> made) {
      return made.stream()
          .filter(element -> element.kind() == kind && Arrays.equals(element.part(), part))
          .filter(element -> !element.isTombstone())
          .filter(element -> value == null || Arrays.equals(element.value(), value))
          .max(Element::compareStrength);
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
      case STRING -> seen.add(new Seen(Element.Kind.STRING, NO_PART, store.string(key, now)));
      case HASH ->
          store.forEachField(
              key, now, (field, value) -> seen.add(new Seen(Element.Kind.FIELD, field, value)));
      case SET ->
          store.forEachMember(
              key, now, member -> seen.add(new Seen(Element.Kind.MEMBER, member, null)));
      case ZSET, LIST -> throw new IllegalStateException("not made by the workload: " + key);
    }
    return seen;
  }
}

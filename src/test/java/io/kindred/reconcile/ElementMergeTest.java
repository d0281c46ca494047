package io.kindred.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.reconcile.ElementMerge.Difference;
import io.kindred.reconcile.ElementMerge.Listed;
import io.kindred.ring.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ElementMergeTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);

  @Test
  void whoLacksOrHasAnOlderOneIsFoundAsByBruteForce() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Map<NodeId, List<Element>> listings = new TreeMap<>();
      for (NodeId node : List.of(A, B, C)) {
        listings.put(node, listing(random));
      }

      assertThat(merge(listings)).as("seed " + seed).isEqualTo(byBruteForce(listings));
    }
  }

  @Test
  void whatEverybodyHoldsAlikeIsNoDifference() {
    Element element = string("k", 5, "v");

    assertThat(merge(Map.of(A, List.of(element), B, List.of(element)))).isEmpty();
  }

  @Test
  void sameVersionWithOtherBytesIsADifference() {
    Element one = string("k", 5, "v");
    Element other = string("k", 5, "w");

    assertThat(merge(Map.of(A, List.of(one), B, List.of(other))))
        .containsExactly(new Difference(other, List.of(A)));
  }

  @Test
  void whatTheNewestClearMarkKilledIsNotRecommended() {
    Key key = key("k");
    Element mark = Element.clear(key, at(7));
    Element dead = Element.string(key, at(7), bytes("v"));
    Element field = Element.field(key, bytes("f"), at(8), bytes("v"));

    assertThat(merge(Map.of(A, List.of(dead, field), B, List.of(mark))))
        .containsExactly(new Difference(mark, List.of(A)), new Difference(field, List.of(B)));
  }

  @Test
  void aClearMarkConcernsItsOwnKeyOnly() {
    Element mark = Element.clear(key("{x}1"), at(9));
    Element other = Element.string(key("{x}2"), at(5), bytes("v"));

    assertThat(merge(Map.of(A, sorted(mark, other), B, List.of())))
        .containsExactlyInAnyOrder(
            new Difference(mark, List.of(B)), new Difference(other, List.of(B)));
  }

  @Test
  void whoDoesNotTakePartInASlotLacksNothingThere() {
    Element element = string("k", 5, "v");
    ElementMerge merge = new ElementMerge(slot -> List.of(A));

    assertThat(merge.accept(new Listed(A, element))).isEmpty();
    assertThat(merge.finish()).isEmpty();
  }

  @Test
  void aListingOutOfOrderIsRefused() {
    List<Element> two = sorted(string("k1", 5, "v"), string("k2", 5, "v"));
    ElementMerge merge = new ElementMerge(slot -> List.of(A, B));
    merge.accept(new Listed(A, two.get(1)));

    assertThatThrownBy(() -> merge.accept(new Listed(B, two.get(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("out of order");
  }

  @Test
  void aPlaceListedTwiceByOneNodeIsRefused() {
    ElementMerge merge = new ElementMerge(slot -> List.of(A, B));
    merge.accept(new Listed(A, string("k", 5, "v")));

    assertThatThrownBy(() -> merge.accept(new Listed(A, string("k", 6, "v"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  /** The listings walked in the order that a merge of sorted streams gives. */
  private static List<Difference> merge(Map<NodeId, List<Element>> listings) {
    List<Listed> all = new ArrayList<>();
    listings.forEach((node, listing) -> listing.forEach(e -> all.add(new Listed(node, e))));
    all.sort((one, other) -> one.element().comparePlace(other.element()));
    ElementMerge merge = new ElementMerge(slot -> listings.keySet());
    List<Difference> differences = new ArrayList<>();
    all.forEach(listed -> merge.accept(listed).ifPresent(differences::add));
    merge.finish().ifPresent(differences::add);
    return differences;
  }

  private static List<Difference> byBruteForce(Map<NodeId, List<Element>> listings) {
    List<Element> winners = new ArrayList<>();
    listings.values().forEach(winners::addAll);
    List<Element> all = List.copyOf(winners);
    winners.removeIf(
        element -> all.stream().anyMatch(o -> o.samePlace(element) && o.beats(element)));
    winners.removeIf(
        element ->
            element.kind() != Element.Kind.CLEAR
                && all.stream()
                    .anyMatch(
                        mark ->
                            mark.kind() == Element.Kind.CLEAR
                                && mark.key().equals(element.key())
                                && mark.version().time() >= element.version().time()));
    winners.sort(Element::comparePlace);
    List<Difference> differences = new ArrayList<>();
    for (Element winner : winners.stream().distinct().toList()) {
      List<NodeId> lacking =
          listings.keySet().stream()
              .filter(node -> !listings.get(node).contains(winner))
              .sorted()
              .toList();
      if (!lacking.isEmpty()) {
        differences.add(new Difference(winner, lacking));
      }
    }
    return differences;
  }

  private static List<Element> listing(Random random) {
    TreeMap<Element, Element> places = new TreeMap<>(Element::comparePlace);
    int size = random.nextInt(14);
    for (int i = 0; i < size; i++) {
      Element element = element(random);
      places.merge(element, element, (held, next) -> next.beats(held) ? next : held);
    }
    // The map keeps the first key of a place, so only its values are the winners.
    return List.copyOf(places.values());
  }

  private static Element element(Random random) {
    // Keys of one hash tag share a slot and so meet in one listing.
    Key key = key("{t}" + random.nextInt(3));
    Version version = at(1 + random.nextInt(6));
    byte[] name = bytes("n" + random.nextInt(2));
    byte[] value = bytes("v" + random.nextInt(2));
    return switch (random.nextInt(8)) {
      case 0 -> Element.clear(key, version);
      case 1 -> Element.expiry(key, version, random.nextInt(2));
      case 2 -> Element.type(key, version, KeyType.HASH);
      case 3 -> Element.string(key, version, value);
      case 4 -> Element.count(key, version, Version.NONE, random.nextInt(3));
      case 5 -> Element.field(key, name, version, value);
      case 6 -> Element.fieldRemoved(key, name, version);
      default -> Element.member(key, name, version);
    };
  }

  private static List<Element> sorted(Element... elements) {
    return Arrays.stream(elements).sorted(Element::comparePlace).toList();
  }

  private static Element string(String key, long time, String value) {
    return Element.string(key(key), at(time), bytes(value));
  }

  private static Version at(long time) {
    return new Version(time, 1);
  }

  private static Key key(String text) {
    return Key.of(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

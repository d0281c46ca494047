package io.kindred.storage;

import static java.util.Comparator.naturalOrder;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of merge said once more, the plain way: what a store holds as a function of the set of
 * all elements ever merged, looked at together. Slow, and without any order of arrival.
 */
final class MergedSet {

  private static final List<KeyType> COLLECTIONS =
      List.of(KeyType.HASH, KeyType.SET, KeyType.ZSET, KeyType.LIST);

  private MergedSet() {}

  /** All that a store keeps of these elements, in the order of listings. */
  static List<Element> of(Collection<Element> merged) {
    return merged.stream()
        .map(Element::key)
        .distinct()
        .flatMap(key -> ofKey(key, merged.stream().filter(e -> e.key().equals(key)).toList()))
        .sorted(Element::comparePlace)
        .toList();
  }

  private static Stream<Element> ofKey(Key key, List<Element> merged) {
    Optional<Element> mark =
        strongest(merged.stream().filter(e -> e.kind() == Kind.CLEAR).toList());
    long cleared = mark.map(m -> m.version().time()).orElse(-1L);
    List<Element> alive =
        merged.stream()
            .filter(e -> e.kind() != Kind.CLEAR && e.version().time() > cleared)
            .toList();
    List<Element> kept = new ArrayList<>(mark.stream().toList());
    for (KeyType type : COLLECTIONS) {
      newest(type, alive).ifPresent(version -> kept.add(Element.type(key, version, type)));
    }
    for (Element e : alive) {
      boolean derived = e.kind() == Kind.TYPE && typeOf(e) != KeyType.STRING;
      boolean beaten = alive.stream().anyMatch(o -> o.samePlace(e) && o.beats(e));
      boolean counted = alive.stream().anyMatch(o -> isWrittenOver(e, o));
      if (!derived && !beaten && !counted && !kept.contains(e) && !isDead(e, alive)) {
        kept.add(e);
      }
    }
    return kept.stream();
  }

  /** What was counted before another value was written, or removed. */
  private static boolean isWrittenOver(Element count, Element base) {
    boolean onIt =
        switch (count.kind()) {
          case COUNT -> base.kind() == Kind.STRING;
          case FIELD_COUNT, SCORE_COUNT ->
              base.kind() == Kind.ofPart(count.kind().type())
                  && Arrays.equals(base.part(), count.countedName());
          default -> false;
        };
    return onIt && count.version().time() <= base.version().time();
  }

  private static boolean isDead(Element e, List<Element> alive) {
    KeyType own = typeOf(e);
    if (!COLLECTIONS.contains(own)) {
      return false;
    }
    return Stream.of(KeyType.STRING, KeyType.HASH, KeyType.SET, KeyType.ZSET, KeyType.LIST)
        .filter(type -> type != own)
        .anyMatch(
            type ->
                newest(type, alive)
                    .filter(
                        high ->
                            high.time() > e.version().time()
                                || (high.time() == e.version().time() && type.code() > own.code()))
                    .isPresent());
  }

  private static Optional<Version> newest(KeyType type, List<Element> alive) {
    return alive.stream()
        .filter(e -> typeOf(e) == type)
        .filter(e -> e.adds() || type == KeyType.STRING || e.kind() == Kind.TYPE)
        .map(Element::version)
        .max(naturalOrder());
  }

  private static KeyType typeOf(Element e) {
    return switch (e.kind()) {
      case CLEAR, EXPIRY -> KeyType.NONE;
      case TYPE -> KeyType.of(e.part()[0]);
      case STRING, COUNT, FIELD, MEMBER, SCORE, FIELD_COUNT, SCORE_COUNT, ITEM -> e.kind().type();
    };
  }

  private static Optional<Element> strongest(List<Element> elements) {
    return elements.stream().max(Element::compareStrength);
  }
}

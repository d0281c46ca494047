package io.kindred.entry;

import io.kindred.entry.Element.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random elements for property tests: few keys, few times, few origins, so that elements compete
 * for places and tie. What a version stands for is not kept consistent on purpose: two elements of
 * one version and different content are a bug, and still must merge alike everywhere.
 */
public final class Elements {

  private static final List<String> KEYS = List.of("k", "k", "k", "{k}2", "other");

  private Elements() {}

  /** The slots that {@link #any} uses, ascending. */
  public static List<Integer> slots() {
    return KEYS.stream().map(text -> key(text).slot()).distinct().sorted().toList();
  }

  /** One element of one of a few keys. */
  public static Element any(RandomGenerator random) {
    return any(random, key(random));
  }

  /** One element of that key. */
  public static Element any(RandomGenerator random, Key key) {
    return of(random, key, Kind.of(1 + random.nextInt(Kind.values().length)));
  }

  /** The kinds of which a key of a type consists, and what may end it; for NONE those alone. */
  public static List<Kind> kindsOf(KeyType type) {
    List<Kind> kinds = new ArrayList<>(List.of(Kind.CLEAR, Kind.EXPIRY));
    List<Kind> own =
        switch (type) {
          case NONE -> List.of();
          case STRING -> List.of(Kind.STRING, Kind.COUNT);
          case HASH -> List.of(Kind.FIELD, Kind.FIELD_COUNT);
          case SET -> List.of(Kind.MEMBER);
          case ZSET -> List.of(Kind.SCORE, Kind.SCORE_COUNT);
          case LIST -> List.of(Kind.ITEM);
        };
    // What is the type's own is to meet its like.
    for (int i = 0; i < 4; i++) {
      kinds.addAll(own);
    }
    return kinds;
  }

  /** One element of that key and kind. */
  public static Element of(RandomGenerator random, Key key, Kind kind) {
    Version version = version(random);
    byte[] name = text(List.of("f", "g", "", "h\0\u00ff").get(random.nextInt(4)));
    return switch (kind) {
      case CLEAR -> Element.clear(key, version);
      case EXPIRY ->
          Element.expiry(key, version, random.nextBoolean() ? Element.NEVER : random.nextInt(20));
      case TYPE ->
          Element.type(key, version, KeyType.of(1 + random.nextInt(KeyType.values().length - 1)));
      case STRING -> Element.string(key, version, text("" + random.nextInt(3)));
      case COUNT -> Element.count(key, version, base(random), random.nextInt(9) - 4);
      case FIELD ->
          random.nextInt(3) == 0
              ? Element.fieldRemoved(key, name, version)
              : Element.field(key, name, version, text("" + random.nextInt(3)));
      case MEMBER ->
          random.nextInt(3) == 0
              ? Element.memberRemoved(key, name, version)
              : Element.member(key, name, version);
      case SCORE ->
          random.nextInt(3) == 0
              ? Element.scoreRemoved(key, name, version)
              : Element.score(key, name, version, score(random));
      case FIELD_COUNT ->
          Element.fieldCount(
              key, name, version, base(random), random.nextBoolean(), random.nextInt(9) - 4);
      case SCORE_COUNT ->
          Element.scoreCount(key, name, version, base(random), random.nextBoolean(), score(random));
      case ITEM -> {
        byte[] position = position(random);
        yield random.nextInt(3) == 0
            ? Element.itemRemoved(key, position, version)
            : Element.item(key, position, version, text("" + random.nextInt(3)));
      }
    };
  }

  /** A base that a contribution may have been made against, or none. */
  private static Version base(RandomGenerator random) {
    return random.nextInt(3) == 0 ? Version.NONE : version(random);
  }

  /** One of a few scores, so that members tie. */
  public static double score(RandomGenerator random) {
    return List.of(0.0, -0.0, 1.0, 0.1, -2.5, 1e300, Double.POSITIVE_INFINITY)
        .get(random.nextInt(7));
  }

  /** One of a few positions, of one component or two. */
  public static byte[] position(RandomGenerator random) {
    Version made = new Version(random.nextInt(3), random.nextInt(2));
    byte[] position =
        random.nextBoolean()
            ? Position.head(made, random.nextInt(2))
            : Position.tail(made, random.nextInt(2));
    return random.nextInt(4) == 0
        ? Position.between(position, null, new Version(3 + random.nextInt(2), 0))
        : position;
  }

  /** One of three keys, the first of them the likeliest. */
  public static Key key(RandomGenerator random) {
    return key(KEYS.get(random.nextInt(KEYS.size())));
  }

  public static Key key(String text) {
    return Key.of(text(text));
  }

  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static Version version(RandomGenerator random) {
    return new Version(random.nextInt(12), random.nextInt(4));
  }
}

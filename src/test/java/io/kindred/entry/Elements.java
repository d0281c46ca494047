package io.kindred.entry;

import io.kindred.entry.Element.Kind;
import java.nio.charset.StandardCharsets;
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
    Kind kind = Kind.of(1 + random.nextInt(Kind.values().length));
    Version version = version(random);
    byte[] name = text(List.of("f", "g", "", "h\0\u00ff").get(random.nextInt(4)));
    return switch (kind) {
      case CLEAR -> Element.clear(key, version);
      case EXPIRY ->
          Element.expiry(key, version, random.nextBoolean() ? Element.NEVER : random.nextInt(20));
      case TYPE -> Element.type(key, version, KeyType.of(1 + random.nextInt(3)));
      case STRING -> Element.string(key, version, text("" + random.nextInt(3)));
      case COUNT ->
          Element.count(
              key,
              version,
              random.nextInt(3) == 0 ? Version.NONE : version(random),
              random.nextInt(9) - 4);
      case FIELD ->
          random.nextInt(3) == 0
              ? Element.fieldRemoved(key, name, version)
              : Element.field(key, name, version, text("" + random.nextInt(3)));
      case MEMBER ->
          random.nextInt(3) == 0
              ? Element.memberRemoved(key, name, version)
              : Element.member(key, name, version);
    };
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

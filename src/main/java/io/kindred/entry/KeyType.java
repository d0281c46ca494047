package io.kindred.entry;

import java.util.Locale;

/** What a key holds, as Redis names it. The codes are on disk and on the wire: never re-use one. */
public enum KeyType {
  NONE(0),
  STRING(1),
  HASH(2),
  SET(3),
  ZSET(4),
  LIST(5);

  private final int code;

  KeyType(int code) {
    this.code = code;
  }

  /** The number that stands for it on disk and on the wire. */
  public int code() {
    return code;
  }

  /** The type of a {@link #code()}; throws IllegalArgumentException for an unknown one. */
  public static KeyType of(int code) {
    for (KeyType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown key type code " + code);
  }

  /** Whether a code stands for a type that a key can show, so not for NONE. */
  public static boolean isShown(int code) {
    return code > NONE.code && code < values().length;
  }

  /** The word that Redis's TYPE answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.kindred.command;

import java.util.Locale;
import java.util.Optional;

/**
 * How many racks must know of a command before it is answered; Dynomite's names. Ordered from the
 * weakest on.
 */
public enum Consistency {
  /** The local owner alone. */
  DC_ONE(0),
  /**
   * A majority of the datacenter's racks: a write has been applied there, a read is the newest that
   * any of them has. What a majority has acknowledged every later majority reads.
   */
  DC_QUORUM(1),
  /**
   * One order of all commands on a key that is used at this level only: linearizable, whatever the
   * clocks do. Commands on one string key.
   */
  DC_SAFE_QUORUM(2),
  /** The same with a majority in every datacenter. */
  DC_EACH_SAFE_QUORUM(3);

  private static final Consistency[] ALL = values();

  private final int code;

  Consistency(int code) {
    this.code = code;
  }

  /** The number that stands for it on the wire. */
  public int code() {
    return code;
  }

  /** The level of a {@link #code()}; throws IllegalArgumentException for an unknown one. */
  public static Consistency of(int code) {
    for (Consistency level : ALL) {
      if (level.code == code) {
        return level;
      }
    }
    throw new IllegalArgumentException("unknown consistency level code " + code);
  }

  /** Whether commands of this level are put in one order by consensus on their key. */
  public boolean isSafe() {
    return this == DC_SAFE_QUORUM || this == DC_EACH_SAFE_QUORUM;
  }

  /** As it stands in the configuration and in commands. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level of that name, in any case; empty for none. */
  public static Optional<Consistency> named(String word) {
    for (Consistency level : values()) {
      if (level.name().equalsIgnoreCase(word)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** All names, for messages. */
  public static String words() {
    StringBuilder words = new StringBuilder();
    for (Consistency level : values()) {
      words.append(words.isEmpty() ? "" : ", ").append(level.word());
    }
    return words.toString();
  }
}

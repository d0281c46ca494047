package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.Consistency;

/** How many racks must know of a client's reads, and of its writes, before they are answered. */
public record Levels(Consistency read, Consistency write) {

  /** The local owner, for both. */
  public static final Levels ONE = new Levels(Consistency.DC_ONE, Consistency.DC_ONE);

  /**
   * By their names in the configuration.
   *
   * @throws IllegalArgumentException where there is no such level
   */
  public static Levels named(String read, String write) {
    return new Levels(level("read", read), level("write", write));
  }

  private static Consistency level(String which, String word) {
    return Consistency.named(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "kindred.consistency."
                        + which
                        + " is '"
                        + word
                        + "', and there are "
                        + Consistency.words()));
  }

  /** That of a command. */
  Consistency of(CommandSpec spec) {
    return spec.isWrite() ? write : read;
  }
}

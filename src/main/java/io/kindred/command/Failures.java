package io.kindred.command;

import java.nio.charset.StandardCharsets;

/** Redis 7's error texts, word for word: clients match on them. */
public final class Failures {

  public static final Reply WRONG_TYPE =
      new Reply.Failure("WRONGTYPE Operation against a key holding the wrong kind of value");
  public static final Reply NOT_AN_INTEGER =
      new Reply.Failure("ERR value is not an integer or out of range");
  public static final Reply OUT_OF_MEMORY =
      new Reply.Failure("OOM command not allowed when used memory > 'maxmemory'.");
  public static final Reply LOADING =
      new Reply.Failure("LOADING Kindred is loading the dataset in memory");
  public static final Reply SYNTAX = new Reply.Failure("ERR syntax error");
  public static final Reply OVERFLOW =
      new Reply.Failure("ERR increment or decrement would overflow");
  public static final Reply DECREMENT_OVERFLOW = new Reply.Failure("ERR decrement would overflow");
  public static final Reply NOT_A_FLOAT = new Reply.Failure("ERR value is not a valid float");
  public static final Reply NOT_POSITIVE =
      new Reply.Failure("ERR value is out of range, must be positive");
  public static final Reply NOT_A_NUMBER =
      new Reply.Failure("ERR resulting score is not a number (NaN)");
  public static final Reply NOT_FINITE =
      new Reply.Failure("ERR increment would produce NaN or Infinity");
  public static final Reply NO_SCORES = new Reply.Failure("ERR min or max is not a float");
  public static final Reply NO_LEX_ITEMS =
      new Reply.Failure("ERR min or max not valid string range item");
  public static final Reply NO_SUCH_KEY = new Reply.Failure("ERR no such key");
  public static final Reply INDEX_OUT_OF_RANGE = new Reply.Failure("ERR index out of range");
  public static final Reply TOO_LONG =
      new Reply.Failure("ERR string exceeds maximum allowed size (proto-max-bulk-len)");

  /** Not one of Redis': what is left of a deleted collection is too much to be put in order. */
  public static final Reply REMAINS_TOO_MANY =
      new Reply.Failure(
          "ERR the key was a large collection, and not all owners have forgotten its members yet:"
              + " use another key at dc_safe_quorum, or try again later; nothing was written");

  /** How much of an unknown command's name and of its arguments is repeated to the client. */
  private static final int QUOTED_MAX = 128;

  private Failures() {}

  /** The wrong number of arguments for a command, named in lower case. */
  public static Reply arity(String command) {
    return new Reply.Failure("ERR wrong number of arguments for '" + command + "' command");
  }

  public static Reply invalidExpire(String command) {
    return new Reply.Failure("ERR invalid expire time in '" + command + "' command");
  }

  public static Reply unsupportedOption(byte[] option) {
    return new Reply.Failure("ERR Unsupported option " + quoted(option, QUOTED_MAX));
  }

  /** The text that begins "ERR unknown command". */
  public static Reply unknownCommand(byte[][] args) {
    StringBuilder text = new StringBuilder("ERR unknown command '");
    text.append(quoted(args[0], QUOTED_MAX)).append("', with args beginning with: ");
    int room = QUOTED_MAX;
    for (int i = 1; i < args.length && room > 0; i++) {
      String shown = quoted(args[i], room);
      text.append('\'').append(shown).append("' ");
      room -= shown.length() + 3;
    }
    return new Reply.Failure(text.toString());
  }

  /** An unknown or wrongly called subcommand of a container, named in upper case. */
  public static Reply unknownSubcommand(String container, byte[] subcommand) {
    return new Reply.Failure(
        "ERR unknown subcommand '"
            + quoted(subcommand, QUOTED_MAX)
            + "'. Try "
            + container
            + " HELP.");
  }

  /** Client's bytes for an error line: cut, and nothing in it that could end the line. */
  private static String quoted(byte[] bytes, int max) {
    int length = Math.min(bytes.length, max);
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .replace('\r', ' ')
        .replace('\n', ' ');
  }
}

package io.kindred.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * Writes of all kinds that leave something behind for replicas that are away: values, deletions,
 * expiries, items pushed and popped. The keys are so few that the data soon stays as large as it
 * is.
 */
final class MixedRequests {

  private static final int KEYS = 20_000;
  private static final int LISTS = 1_000;
  private static final String VALUE = "v".repeat(100);
  private static final String EXPIRES_MILLIS = "2000";

  private final Dice dice;
  // Items of each list, as far as was asked: pushed while it is short, popped while it is long.
  private final int[] items = new int[LISTS];

  MixedRequests(long seed) {
    this.dice = new Dice(seed);
  }

  /** The next command. */
  void next(ByteBuffer out) {
    write(command(), out);
  }

  List<String> command() {
    int kind = (int) dice.below(6);
    if (kind < 4) {
      String key = String.format(Locale.ROOT, "mixed:%d", dice.below(KEYS));
      return switch (kind) {
        case 0 -> List.of("SET", key, VALUE);
        case 1 -> List.of("DEL", key);
        case 2 -> List.of("SET", key, VALUE, "PX", EXPIRES_MILLIS);
        default -> List.of("SET", key, VALUE, "XX");
      };
    }
    int list = (int) dice.below(LISTS);
    String key = String.format(Locale.ROOT, "mixed-list:%d", list);
    // A walk that turns at both ends.
    boolean push = items[list] == 0 || (items[list] < 20 && kind == 4);
    items[list] += push ? 1 : -1;
    return push ? List.of("LPUSH", key, VALUE) : List.of("LPOP", key);
  }

  private static void write(List<String> words, ByteBuffer out) {
    out.put(("*" + words.size() + "\r\n").getBytes(US_ASCII));
    for (String word : words) {
      out.put(("$" + word.length() + "\r\n" + word + "\r\n").getBytes(US_ASCII));
    }
  }
}

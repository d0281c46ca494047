package io.kindred.simulation;

import io.kindred.entry.Key;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * What clients ask for: few keys, so that they meet. Values are never used twice, so that what is
 * seen tells who wrote it.
 */
final class Workload {

  private static final String COUNTERS = "n:";

  private final Random random;
  private long values;

  Workload(Random random) {
    this.random = random;
  }

  /** Whether a key is one that is only ever incremented. */
  static boolean isCounter(Key key) {
    return key.toString().startsWith(COUNTERS);
  }

  /** The next command, as a client would type it; its first argument is its key. */
  List<String> next() {
    return switch (random.nextInt(10)) {
      case 0, 1 -> counter(COUNTERS + random.nextInt(4));
      case 2, 3 -> string("s:" + random.nextInt(5));
      case 4, 5 -> hash("h:" + random.nextInt(4));
      case 6, 7 -> set("m:" + random.nextInt(4));
      default -> anything("x:" + random.nextInt(4));
    };
  }

  private List<String> counter(String key) {
    return random.nextBoolean()
        ? List.of("INCR", key)
        : List.of("INCRBY", key, String.valueOf(1 + random.nextInt(50)));
  }

  private List<String> string(String key) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> List.of("SET", key, value());
      case 4, 5 -> List.of("SET", key, value(), "PX", moment());
      case 6 -> List.of("SET", key, value(), "KEEPTTL");
      case 7 -> List.of("APPEND", key, value());
      case 8 -> List.of("GETDEL", key);
      default -> ofAnyType(key);
    };
  }

  private List<String> hash(String key) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> List.of("HSET", key, part(), value());
      case 4 -> List.of("HSET", key, "f0", value(), "f1", value());
      case 5, 6, 7 -> List.of("HDEL", key, part());
      default -> ofAnyType(key);
    };
  }

  private List<String> set(String key) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> List.of("SADD", key, part());
      case 4 -> List.of("SADD", key, "f0", "f1", "f2");
      case 5, 6, 7 -> List.of("SREM", key, part());
      default -> ofAnyType(key);
    };
  }

  private List<String> anything(String key) {
    return switch (random.nextInt(3)) {
      case 0 -> string(key);
      case 1 -> hash(key);
      default -> set(key);
    };
  }

  private List<String> ofAnyType(String key) {
    return switch (random.nextInt(4)) {
      case 0, 1 -> List.of("DEL", key);
      case 2 -> List.of("PEXPIRE", key, moment());
      default -> List.of("PERSIST", key);
    };
  }

  private String value() {
    return "v" + values++;
  }

  private String part() {
    return "f" + random.nextInt(5);
  }

  private String moment() {
    return String.valueOf(1 + random.nextInt(4000));
  }

  /** By how much a command raises a counter; 0 for what is none. */
  static long increment(List<String> words) {
    return switch (words.get(0)) {
      case "INCR" -> 1;
      case "INCRBY" -> Long.parseLong(words.get(2));
      default -> 0;
    };
  }

  static byte[][] bytes(List<String> words) {
    return words.stream()
        .map(word -> word.getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
  }
}

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

  /** The member of a sorted set that is a counter. */
  static final byte[] COUNTED_MEMBER = {'c'};

  private static final String COUNTERS = "n:";
  private static final String SCORE_COUNTERS = "zn:";

  private final Random random;
  private long values;

  Workload(Random random) {
    this.random = random;
  }

  /** Whether a key is one that is only ever incremented. */
  static boolean isCounter(Key key) {
    return key.toString().startsWith(COUNTERS) || isScoreCounter(key);
  }

  /** Whether it is a sorted set of which one member's score is. */
  static boolean isScoreCounter(Key key) {
    return key.toString().startsWith(SCORE_COUNTERS);
  }

  /** The next command, as a client would type it; its first argument is its key. */
  List<String> next() {
    return switch (random.nextInt(14)) {
      case 0, 1 -> counter(COUNTERS + random.nextInt(4));
      case 2 -> scoreCounter(SCORE_COUNTERS + random.nextInt(2));
      case 3, 4 -> string("s:" + random.nextInt(5));
      case 5, 6 -> hash("h:" + random.nextInt(4));
      case 7, 8 -> set("m:" + random.nextInt(4));
      case 9, 10 -> sortedSet("z:" + random.nextInt(3));
      case 11, 12 -> list("l:" + random.nextInt(3));
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

  private List<String> scoreCounter(String key) {
    return List.of("ZINCRBY", key, String.valueOf(1 + random.nextInt(50)), "c");
  }

  private List<String> sortedSet(String key) {
    return switch (random.nextInt(11)) {
      case 0, 1, 2, 3 -> List.of("ZADD", key, score(), part());
      case 4 -> List.of("ZADD", key, score(), "f0", score(), "f1");
      case 5, 6, 7 -> List.of("ZREM", key, part());
      // Of two members only, as whoever sees a sum cannot tell who wrote it.
      case 8 -> List.of("ZINCRBY", key, score(), "g" + random.nextInt(2));
      case 9 -> List.of("ZREM", key, "g" + random.nextInt(2));
      default -> ofAnyType(key);
    };
  }

  private List<String> list(String key) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> List.of("LPUSH", key, value());
      case 2, 3 -> List.of("RPUSH", key, value(), value());
      case 4, 5 -> List.of("LPOP", key);
      case 6, 7 -> List.of("RPOP", key, "2");
      case 8 -> List.of("LREM", key, "0", recentValue());
      case 9 -> List.of("LSET", key, random.nextBoolean() ? "0" : "-1", value());
      case 10 -> List.of("LINSERT", key, "BEFORE", recentValue(), value());
      default -> ofAnyType(key);
    };
  }

  private List<String> anything(String key) {
    return switch (random.nextInt(5)) {
      case 0 -> string(key);
      case 1 -> hash(key);
      case 2 -> sortedSet(key);
      case 3 -> list(key);
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

  /** One that may be in a list. */
  private String recentValue() {
    return "v" + Math.max(0, values - 1 - random.nextInt(60));
  }

  private String score() {
    return String.valueOf(values++);
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
      case "INCRBY", "ZINCRBY" -> Long.parseLong(words.get(2));
      default -> 0;
    };
  }

  static byte[][] bytes(List<String> words) {
    return words.stream()
        .map(word -> word.getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
  }
}

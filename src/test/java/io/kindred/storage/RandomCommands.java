package io.kindred.storage;

import java.util.List;
import java.util.Random;

/** Commands on a few keys, most of them of the type that the key has. */
final class RandomCommands {

  static final List<String> KEYS = List.of("a", "b", "c", "d", "{a}2");

  private static final List<String> PARTS = List.of("x", "y", "z");
  private static final List<String> TYPES = List.of("string", "hash", "set", "zset", "list");

  private final Random random;

  RandomCommands(Random random) {
    this.random = random;
  }

  String[] next(ModelledStore store) {
    String key = any(KEYS);
    if (random.nextInt(5) == 0) {
      return onAnyType(key);
    }
    String type = store.type(key);
    if (type.equals("none") || random.nextInt(4) == 0) {
      type = any(TYPES);
    }
    return switch (type) {
      case "string" -> onString(key);
      case "hash" -> onHash(key);
      case "set" -> onSet(key);
      case "zset" -> onSortedSet(key);
      default -> onList(key);
    };
  }

  private String[] onAnyType(String key) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> words("DEL", key);
      case 2 -> words("SET", key, value());
      case 3 -> words("EXISTS", key);
      case 4 -> words("TYPE", key);
      case 5, 6 -> words("PEXPIRE", key, Integer.toString(1 + random.nextInt(900)));
      case 7 -> words("PERSIST", key);
      default -> words("PTTL", key);
    };
  }

  private String[] onString(String key) {
    return switch (random.nextInt(6)) {
      case 0 -> words("GET", key);
      case 1 -> words("APPEND", key, Words.sometimesLarge(random, "1"));
      case 2 -> words("SET", key, value());
      default -> words("INCRBY", key, number());
    };
  }

  private String[] onHash(String key) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> words("HSET", key, any(PARTS), value());
      case 2 -> words("HGET", key, any(PARTS));
      case 3 -> words("HLEN", key);
      default -> words("HDEL", key, any(PARTS));
    };
  }

  private String[] onSet(String key) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> words("SADD", key, any(PARTS));
      case 2 -> words("SISMEMBER", key, any(PARTS));
      case 3 -> words("SCARD", key);
      default -> words("SREM", key, any(PARTS));
    };
  }

  private String[] onSortedSet(String key) {
    return switch (random.nextInt(10)) {
      case 0 -> words("ZADD", key, score(), any(PARTS));
      case 1 -> words("ZADD", key, score(), any(PARTS), score(), any(PARTS));
      case 2, 3 -> words("ZINCRBY", key, score(), any(PARTS));
      case 4 -> words("ZSCORE", key, any(PARTS));
      case 5 -> words("ZRANK", key, any(PARTS));
      case 6 -> words("ZCARD", key);
      case 7 -> words("ZRANGE", key, index(), index());
      case 8 -> words("ZRANGE", key, index(), index(), "WITHSCORES");
      default ->
          random.nextBoolean()
              ? words("ZREM", key, any(PARTS))
              : words("ZREM", key, any(PARTS), any(PARTS));
    };
  }

  private String[] onList(String key) {
    return switch (random.nextInt(16)) {
      case 0, 1 -> words("LPUSH", key, item());
      case 2 -> words("LPUSH", key, item(), item());
      case 3, 4 -> words("RPUSH", key, item(), item(), item());
      case 5 -> words("LPOP", key);
      case 6 -> words("RPOP", key);
      case 7 -> words(random.nextBoolean() ? "LPOP" : "RPOP", key, "2");
      case 8 -> words("LLEN", key);
      case 9 -> words("LRANGE", key, index(), index());
      case 10 -> words("LINDEX", key, index());
      case 11, 12 -> words("LSET", key, index(), item());
      case 13 -> words("LREM", key, index(), any(PARTS));
      case 14 -> words("LTRIM", key, index(), index());
      default ->
          words("LINSERT", key, random.nextBoolean() ? "BEFORE" : "AFTER", any(PARTS), item());
    };
  }

  private String value() {
    return Words.sometimesLarge(random, number());
  }

  private String item() {
    return Words.sometimesLarge(random, any(PARTS));
  }

  private String number() {
    return Integer.toString(random.nextInt(50) - 10);
  }

  /** From -3 on in halves, which add up exactly. */
  private String score() {
    return ModelSortedSet.number(random.nextInt(20) / 2.0 - 3);
  }

  /** Of a few items, from either end, and of some that are not there; as a count too. */
  private String index() {
    return Integer.toString(random.nextInt(9) - 4);
  }

  private String any(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String[] words(String... words) {
    return words;
  }
}

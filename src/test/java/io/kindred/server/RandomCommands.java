package io.kindred.server;

import io.kindred.command.CommandSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Commands as a client might type them, most of them right. Keys mostly hold what the command is
 * for; members and values are few, so that commands meet.
 */
final class RandomCommands {

  private static final String[] GROUPS = {"string", "hash", "set", "sorted-set", "list"};

  private static final String[] WORDS = {
    "",
    "0",
    "1",
    "-1",
    "7",
    "10",
    "100",
    "3.5",
    "x",
    "y",
    "z",
    "abc",
    "-0",
    "01",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775",
    "9223372036854776"
  };

  private static final String[] OPTIONS = {
    "EX", "px", "EXAT", "PXAT", "NX", "xx", "GET", "KEEPTTL", "GT", "lt", "BOGUS"
  };

  /** Far away or in the past: what expires meanwhile would expire at two different moments. */
  private static final String[] RELATIVE_TIMES = {
    "100000000",
    "200000000",
    "0",
    "-1",
    "-100",
    "x",
    "9223372036854775807",
    "9223372036854775",
    "9223372036854776",
    "-9223372036854775808",
    "-9223372036854776"
  };

  private static final String[] ABSOLUTE_TIMES = {
    "4102444800",
    "4102444800000",
    "1",
    "100",
    "0",
    "-1",
    "x",
    "9223372036854775807",
    "9223372036854775",
    "9223372036854776",
    "-9223372036854775808"
  };

  /** Halves, whose sums are exact in whatever order; no -0, which has no sign here. */
  private static final String[] SCORES = {
    "0", "1", "2", "3", "-1", "0.5", "-2.5", "1.5", "+1", "0x2", "1e2", "inf", "-Inf", "1"
  };

  private static final String[] NO_SCORES = {"x", "nan", "1e400", "", " 1", "1e-400", "(1"};
  private static final String[] BOUNDS = {"(0", "(1", "(1.5", "(-inf", "(inf", "+inf", "-inf", ""};
  private static final String[] INDEXES = {
    "0", "1", "2", "3", "5", "-1", "-2", "-3", "-100", "100", "9223372036854775807"
  };
  private static final String[] VALUES = {"a", "b", "c", "d", "e", "f", "", "long enough"};

  private final Random random;

  RandomCommands(Random random) {
    this.random = random;
  }

  /** One call of a command. */
  String[] next(CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(spec.name()));
    switch (spec.group()) {
      case "sorted-set" -> {
        words.add(key(spec));
        words.addAll(sortedSet(spec.name()));
      }
      case "list" -> {
        words.add(key(spec));
        words.addAll(list(spec.name()));
      }
      default -> addAny(spec, words);
    }
    if (random.nextInt(40) == 0) {
      int at = 1 + random.nextInt(words.size());
      if (random.nextBoolean()) {
        words.add(at, one(WORDS));
      } else if (at < words.size()) {
        words.remove(at);
      }
    }
    return words.toArray(String[]::new);
  }

  private String key(CommandSpec spec) {
    boolean isOwn = !spec.group().equals("generic") && random.nextInt(8) > 0;
    return (isOwn ? spec.group() : one(GROUPS)) + random.nextInt(2);
  }

  private List<String> sortedSet(String name) {
    return switch (name) {
      case "zadd" -> {
        List<String> words = some(random.nextInt(3), "NX", "xx", "GT", "lt", "CH", "ch", "INCR");
        for (int pairs = random.nextInt(3); pairs >= 0; pairs--) {
          words.addAll(List.of(score(), one(VALUES)));
        }
        yield words;
      }
      case "zincrby" -> List.of(score(), one(VALUES));
      case "zrem", "zmscore" -> some(1 + random.nextInt(3), VALUES);
      case "zscore", "zrank", "zrevrank" -> List.of(one(VALUES));
      case "zpopmin", "zpopmax" -> some(random.nextInt(2), "1", "2", "0", "-1", "x", "100");
      case "zcount", "zremrangebyscore" -> List.of(bound(), bound());
      case "zremrangebyrank" -> List.of(one(INDEXES), one(INDEXES));
      case "zrevrange" -> withOptions(one(INDEXES), one(INDEXES));
      case "zrangebyscore", "zrevrangebyscore" -> withOptions(bound(), bound());
      case "zrange" -> {
        boolean byScore = random.nextBoolean();
        List<String> words =
            byScore ? withOptions(bound(), bound()) : withOptions(one(INDEXES), one(INDEXES));
        if (byScore) {
          words.add(2, "BYSCORE");
        }
        if (random.nextBoolean()) {
          words.add(2, "REV");
        }
        yield words;
      }
      default -> List.of();
    };
  }

  private List<String> withOptions(String from, String to) {
    List<String> words = new ArrayList<>(List.of(from, to));
    if (random.nextInt(3) == 0) {
      words.add("WITHSCORES");
    }
    if (random.nextInt(4) == 0) {
      words.addAll(List.of("LIMIT", one("0", "1", "2", "-1", "x"), one("0", "1", "2", "-1", "9")));
    }
    return words;
  }

  private List<String> list(String name) {
    return switch (name) {
      case "lpush", "rpush", "lpushx", "rpushx" -> some(1 + random.nextInt(4), VALUES);
      case "lpop", "rpop" -> some(random.nextInt(2), "1", "2", "0", "-1", "x", "100");
      case "lrange" -> List.of(one(INDEXES), one(INDEXES));
      case "ltrim" -> List.of(one("0", "0", "1", "-8", "x", "2"), one("-1", "-1", "-2", "9", "1"));
      case "lindex" -> List.of(one(INDEXES));
      case "lset" -> List.of(one(INDEXES), one(VALUES));
      case "lrem" -> List.of(one("0", "1", "-1", "2", "-2", "x"), one(VALUES));
      case "linsert" -> List.of(one("BEFORE", "after", "AFTER", "x"), one(VALUES), one(VALUES));
      case "lpos" -> {
        List<String> words = new ArrayList<>(List.of(one(VALUES)));
        for (int options = random.nextInt(3); options > 0; options--) {
          words.add(one("RANK", "count", "MAXLEN", "rank"));
          words.add(one("0", "1", "2", "-1", "-2", "100", "x"));
        }
        yield words;
      }
      default -> List.of();
    };
  }

  private String score() {
    return random.nextInt(15) == 0 ? one(NO_SCORES) : one(SCORES);
  }

  private String bound() {
    return random.nextInt(3) == 0 ? one(BOUNDS) : score();
  }

  private void addAny(CommandSpec spec, List<String> words) {
    int usual = Math.abs(spec.arity());
    int count = spec.arity() < 0 ? usual + random.nextInt(4) : usual;
    for (int i = 1; i < count; i++) {
      words.add(argument(spec, words, i));
    }
  }

  private String argument(CommandSpec spec, List<String> words, int i) {
    boolean isKey = i == 1 || (spec.lastKey() < 0 && (i - 1) % spec.step() == 0);
    if (isKey) {
      return key(spec);
    }
    boolean isExpire = spec.name().contains("expire");
    boolean isAmount = i == 2 && (isExpire || spec.name().endsWith("setex"));
    String before = words.get(i - 1).toLowerCase(Locale.ROOT);
    if (spec.name().equals("set") && i > 3) {
      isAmount = Set.of("ex", "px", "exat", "pxat").contains(before);
    }
    if (isAmount) {
      boolean isAbsolute = spec.name().endsWith("at") || before.endsWith("at");
      return one(isAbsolute ? ABSOLUTE_TIMES : RELATIVE_TIMES);
    }
    boolean isOption = i >= 3 && (isExpire || spec.name().equals("set")) && random.nextInt(9) > 0;
    return one(isOption ? OPTIONS : WORDS);
  }

  /** So many of these, one by one. */
  private List<String> some(int count, String... of) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(one(of));
    }
    return words;
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }
}

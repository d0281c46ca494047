package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random commands against a model of plain Java maps, with crashes and starts from snapshots and
 * log at random points: every answer is the model's. A crash comes after all was synced, so nothing
 * may be missing; {@link PowerCutTest} cuts the power at any other moment.
 */
class ModelTest {

  private static final List<String> KEYS = List.of("a", "b", "c", "d", "{a}2");
  private static final List<String> PARTS = List.of("x", "y", "z");

  /** One database, as Redis says it behaves: a value is a String, a map or a set. */
  private static final class Model {
    private static final String WRONG_TYPE = "WRONGTYPE";
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Long> expiries = new HashMap<>();
    private long now;

    String run(String... words) {
      String key = words[1];
      if (expiries.getOrDefault(key, Long.MAX_VALUE) <= now) {
        remove(key);
      }
      Object value = values.get(key);
      return switch (words[0]) {
        case "SET" -> {
          remove(key);
          values.put(key, words[2]);
          yield "OK";
        }
        case "GET" -> value == null ? "nil" : string(value);
        case "APPEND" -> {
          if (value != null && !(value instanceof String)) {
            yield WRONG_TYPE;
          }
          String whole = (value == null ? "" : value) + words[2];
          values.put(key, whole);
          yield Integer.toString(whole.length());
        }
        case "INCRBY" -> increment(key, value, Long.parseLong(words[2]));
        case "DEL" -> {
          remove(key);
          yield value == null ? "0" : "1";
        }
        case "EXISTS" -> value == null ? "0" : "1";
        case "TYPE" -> type(value);
        case "HSET" -> {
          if (value != null && !(value instanceof TreeMap)) {
            yield WRONG_TYPE;
          }
          yield hash(key).put(words[2], words[3]) == null ? "1" : "0";
        }
        case "HGET" ->
            value == null
                ? "nil"
                : value instanceof TreeMap<?, ?> map ? nil(map.get(words[2])) : WRONG_TYPE;
        case "HDEL" -> {
          if (value == null) {
            yield "0";
          }
          if (!(value instanceof TreeMap<?, ?> map)) {
            yield WRONG_TYPE;
          }
          boolean there = map.remove(words[2]) != null;
          dropEmpty(key, map.isEmpty());
          yield there ? "1" : "0";
        }
        case "HLEN" ->
            value == null ? "0" : value instanceof TreeMap<?, ?> map ? "" + map.size() : WRONG_TYPE;
        case "SADD" -> {
          if (value != null && !(value instanceof TreeSet)) {
            yield WRONG_TYPE;
          }
          yield members(key).add(words[2]) ? "1" : "0";
        }
        case "SREM" -> {
          if (value == null) {
            yield "0";
          }
          if (!(value instanceof TreeSet<?> set)) {
            yield WRONG_TYPE;
          }
          boolean there = set.remove(words[2]);
          dropEmpty(key, set.isEmpty());
          yield there ? "1" : "0";
        }
        case "SCARD" ->
            value == null ? "0" : value instanceof TreeSet<?> set ? "" + set.size() : WRONG_TYPE;
        case "PEXPIRE" -> {
          if (value == null) {
            yield "0";
          }
          expiries.put(key, now + Long.parseLong(words[2]));
          yield "1";
        }
        case "PERSIST" -> value != null && expiries.remove(key) != null ? "1" : "0";
        case "PTTL" ->
            value == null
                ? "-2"
                : expiries.containsKey(key) ? "" + (expiries.get(key) - now) : "-1";
        default -> throw new IllegalArgumentException(words[0]);
      };
    }

    private String increment(String key, Object value, long by) {
      if (value != null && !(value instanceof String)) {
        return WRONG_TYPE;
      }
      if (value != null && !((String) value).matches("0|-?[1-9]\\d{0,16}")) {
        return "ERR";
      }
      long sum = (value == null ? 0 : Long.parseLong((String) value)) + by;
      values.put(key, Long.toString(sum));
      return Long.toString(sum);
    }

    private static String string(Object value) {
      return value instanceof String text ? text : WRONG_TYPE;
    }

    private static String type(Object value) {
      if (value == null) {
        return "none";
      }
      return value instanceof String ? "string" : value instanceof TreeMap ? "hash" : "set";
    }

    private static String nil(Object value) {
      return value == null ? "nil" : (String) value;
    }

    @SuppressWarnings("unchecked") // looked at before
    private Map<String, String> hash(String key) {
      return (Map<String, String>) values.computeIfAbsent(key, any -> new TreeMap<>());
    }

    @SuppressWarnings("unchecked") // looked at before
    private Set<String> members(String key) {
      return (Set<String>) values.computeIfAbsent(key, any -> new TreeSet<>());
    }

    private void dropEmpty(String key, boolean empty) {
      if (empty) {
        remove(key);
      }
    }

    private void remove(String key) {
      values.remove(key);
      expiries.remove(key);
    }
  }

  @Property(tries = 60)
  void everyAnswerIsTheModelsOverAnyNumberOfCrashes(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Fsync fsync = List.of(Fsync.values()).get(random.nextInt(3));
    CrashingStore store = new CrashingStore(random, fsync);
    Model model = new Model();
    StringBuilder story = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      switch (random.nextInt(30)) {
        case 0 -> {
          store.settle();
          FaultyDisk.Crash kind = FaultyDisk.Crash.anyPowerCut(random);
          store.crash(kind);
          story.append(kind).append('\n');
          assertThat(store.damages()).as("%s", story).isEmpty();
          assertThat(store.snapshotDamages()).as("%s", story).isEmpty();
        }
        case 1, 2, 3, 4 -> store.snapshotStep();
        case 5, 6, 7 -> store.turn();
        case 8 -> store.sync();
        case 9, 10 -> store.pass(random.nextInt(400));
        default -> {
          String[] words = command(random);
          model.now = store.millis();
          String expected = model.run(words);
          story.append(String.join(" ", words)).append(" -> ").append(expected).append('\n');
          assertThat(text(store.run(() -> {}, words))).as("%s", story).isEqualTo(expected);
        }
      }
    }
  }

  private static String[] command(Random random) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    String part = PARTS.get(random.nextInt(PARTS.size()));
    String number = Integer.toString(random.nextInt(50) - 10);
    return switch (random.nextInt(18)) {
      case 0 -> new String[] {"SET", key, number};
      case 1 -> new String[] {"GET", key};
      case 2 -> new String[] {"APPEND", key, "1"};
      case 3, 4 -> new String[] {"INCRBY", key, number};
      case 5 -> new String[] {"DEL", key};
      case 6 -> new String[] {"EXISTS", key};
      case 7 -> new String[] {"TYPE", key};
      case 8, 9 -> new String[] {"HSET", key, part, number};
      case 10 -> new String[] {"HGET", key, part};
      case 11 -> new String[] {"HDEL", key, part};
      case 12 -> new String[] {"HLEN", key};
      case 13 -> new String[] {"SADD", key, part};
      case 14 -> new String[] {"SREM", key, part};
      case 15 -> new String[] {"SCARD", key};
      case 16 -> new String[] {"PEXPIRE", key, Integer.toString(1 + random.nextInt(900))};
      default -> new String[] {random.nextBoolean() ? "PERSIST" : "PTTL", key};
    };
  }

  private static String text(Reply reply) {
    if (reply instanceof Reply.Simple simple) {
      return simple.text();
    }
    if (reply instanceof Reply.Bulk bulk) {
      return new String(bulk.bytes(), StandardCharsets.UTF_8);
    }
    if (reply instanceof Reply.Int number) {
      return Long.toString(number.value());
    }
    if (reply instanceof Reply.Failure failure) {
      return failure.text().substring(0, failure.text().indexOf(' '));
    }
    return "nil";
  }
}

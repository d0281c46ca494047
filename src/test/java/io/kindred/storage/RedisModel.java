package io.kindred.storage;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One database, as Redis says it behaves, in plain Java. */
final class RedisModel {

  private static final String WRONG_TYPE =
      "WRONGTYPE Operation against a key holding the wrong kind of value";

  private final Map<String, ModelValue> values = new HashMap<>();
  private final Map<String, Long> expiries = new HashMap<>();

  RedisModel copy() {
    RedisModel copy = new RedisModel();
    values.forEach((key, value) -> copy.values.put(key, value.copy()));
    copy.expiries.putAll(expiries);
    return copy;
  }

  /** Runs a command on its first argument's key and returns Redis's answer, as text. */
  String run(long now, String... words) {
    String key = words[1];
    removePassed(key, now);
    ModelValue value = values.get(key);
    return switch (words[0]) {
      case "SET" -> {
        put(key, new ModelValue.Text(words[2]), 0);
        yield "OK";
      }
      case "DEL" -> {
        remove(key);
        yield value == null ? "0" : "1";
      }
      case "EXISTS" -> value == null ? "0" : "1";
      case "TYPE" -> type(key, now);
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
              : expiries.containsKey(key) ? Long.toString(expiries.get(key) - now) : "-1";
      default -> runOn(key, value, words);
    };
  }

  private String runOn(String key, ModelValue found, String... words) {
    String type = typeOf(words[0]);
    if (found != null && !found.type().equals(type)) {
      return WRONG_TYPE;
    }
    ModelValue value = found == null ? ModelValue.of(type) : found;
    String answer = value.run(words);
    if (value.isEmpty()) {
      remove(key);
    } else {
      values.put(key, value);
    }
    return answer;
  }

  private static String typeOf(String command) {
    if (command.startsWith("INCR")) {
      return "string";
    }
    return switch (command.charAt(0)) {
      case 'H' -> "hash";
      case 'S' -> "set";
      case 'Z' -> "zset";
      case 'L', 'R' -> "list";
      default -> "string";
    };
  }

  /** As TYPE answers. */
  String type(String key, long now) {
    removePassed(key, now);
    return values.containsKey(key) ? values.get(key).type() : "none";
  }

  /**
   * A key's value in place of whatever it had.
   *
   * @param expiresAt in ms, or 0
   */
  void put(String key, ModelValue value, long expiresAt) {
    remove(key);
    values.put(key, value);
    if (expiresAt > 0) {
      expiries.put(key, expiresAt);
    }
  }

  private void removePassed(String key, long now) {
    if (expiries.getOrDefault(key, Long.MAX_VALUE) <= now) {
      remove(key);
    }
  }

  private void remove(String key) {
    values.remove(key);
    expiries.remove(key);
  }

  /** All that a client could see at a moment, for comparing: by key its value and expiry. */
  SortedMap<String, String> contents(long now) {
    SortedMap<String, String> contents = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          long expiry = expiries.getOrDefault(key, Long.MAX_VALUE);
          if (expiry > now) {
            String until = expiry == Long.MAX_VALUE ? "" : " until " + expiry;
            contents.put(key, value.type() + " " + value + until);
          }
        });
    return contents;
  }
}

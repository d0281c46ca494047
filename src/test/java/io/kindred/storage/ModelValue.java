package io.kindred.storage;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a key of {@link RedisModel} holds, as plain Java has it. A key without a value is one with
 * an empty value. Answers are texts, as {@link Replies} makes them of the store's.
 */
interface ModelValue {

  /** As TYPE names it. */
  String type();

  boolean isEmpty();

  ModelValue copy();

  /** Runs a command of this type. */
  String run(String... words);

  /** An empty one. */
  static ModelValue of(String type) {
    return switch (type) {
      case "string" -> new Text(null);
      case "hash" -> new Hash(new TreeMap<>());
      case "set" -> new Members(new TreeSet<>());
      case "zset" -> new ModelSortedSet(new TreeMap<>());
      case "list" -> new ModelList();
      default -> throw new IllegalArgumentException(type);
    };
  }

  /** A string; null is none. */
  final class Text implements ModelValue {
    private String text;

    Text(String text) {
      this.text = text;
    }

    @Override
    public String type() {
      return "string";
    }

    @Override
    public boolean isEmpty() {
      return text == null;
    }

    @Override
    public ModelValue copy() {
      return new Text(text);
    }

    @Override
    public String run(String... words) {
      return switch (words[0]) {
        case "GET" -> text == null ? Replies.NIL : Words.shown(text);
        case "APPEND" -> {
          text = (text == null ? "" : text) + words[2];
          yield Integer.toString(text.length());
        }
        case "INCRBY" -> increment(Long.parseLong(words[2]));
        default -> throw new IllegalArgumentException(words[0]);
      };
    }

    private String increment(long by) {
      long old;
      try {
        old = text == null ? 0 : Long.parseLong(text);
      } catch (NumberFormatException e) {
        return "ERR value is not an integer or out of range";
      }
      if (text != null && !text.equals(Long.toString(old))) {
        return "ERR value is not an integer or out of range";
      }
      long sum = old + by;
      if (by > 0 ? sum < old : sum > old) {
        return "ERR increment or decrement would overflow";
      }
      text = Long.toString(sum);
      return text;
    }

    @Override
    public String toString() {
      return Words.shown(text);
    }
  }

  /** A hash. */
  record Hash(Map<String, String> fields) implements ModelValue {

    @Override
    public String type() {
      return "hash";
    }

    @Override
    public boolean isEmpty() {
      return fields.isEmpty();
    }

    @Override
    public ModelValue copy() {
      return new Hash(new TreeMap<>(fields));
    }

    @Override
    public String run(String... words) {
      return switch (words[0]) {
        case "HSET" -> fields.put(words[2], words[3]) == null ? "1" : "0";
        case "HGET" -> fields.containsKey(words[2]) ? Words.shown(fields.get(words[2])) : "nil";
        case "HDEL" -> fields.remove(words[2]) == null ? "0" : "1";
        case "HLEN" -> Integer.toString(fields.size());
        default -> throw new IllegalArgumentException(words[0]);
      };
    }

    @Override
    public String toString() {
      return fields.entrySet().stream()
          .map(field -> field.getKey() + "=" + Words.shown(field.getValue()))
          .collect(Collectors.joining(" "));
    }
  }

  /** A set. */
  record Members(TreeSet<String> members) implements ModelValue {

    @Override
    public String type() {
      return "set";
    }

    @Override
    public boolean isEmpty() {
      return members.isEmpty();
    }

    @Override
    public ModelValue copy() {
      return new Members(new TreeSet<>(members));
    }

    @Override
    public String run(String... words) {
      return switch (words[0]) {
        case "SADD" -> members.add(words[2]) ? "1" : "0";
        case "SREM" -> members.remove(words[2]) ? "1" : "0";
        case "SISMEMBER" -> members.contains(words[2]) ? "1" : "0";
        case "SCARD" -> Integer.toString(members.size());
        default -> throw new IllegalArgumentException(words[0]);
      };
    }

    @Override
    public String toString() {
      return members.toString();
    }
  }
}

package io.kindred.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A sorted set, as plain Java has it: in the order in which it is asked for. */
record ModelSortedSet(Map<String, Double> scores) implements ModelValue {

  @Override
  public String type() {
    return "zset";
  }

  @Override
  public boolean isEmpty() {
    return scores.isEmpty();
  }

  @Override
  public ModelValue copy() {
    return new ModelSortedSet(new TreeMap<>(scores));
  }

  @Override
  public String run(String... words) {
    return switch (words[0]) {
      case "ZADD" -> add(words);
      case "ZREM" -> remove(words);
      case "ZINCRBY" ->
          number(scores.merge(words[3], Double.parseDouble(words[2]), (old, by) -> old + by));
      case "ZSCORE" -> scores.containsKey(words[2]) ? number(scores.get(words[2])) : Replies.NIL;
      case "ZRANK" -> {
        int rank = inOrder().indexOf(words[2]);
        yield rank < 0 ? Replies.NIL : Integer.toString(rank);
      }
      case "ZCARD" -> Integer.toString(scores.size());
      case "ZRANGE" -> range(words);
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private String add(String... words) {
    int before = scores.size();
    for (int i = 2; i < words.length; i += 2) {
      scores.put(words[i + 1], Double.parseDouble(words[i]));
    }
    return Integer.toString(scores.size() - before);
  }

  private String remove(String... words) {
    int before = scores.size();
    for (int i = 2; i < words.length; i++) {
      scores.remove(words[i]);
    }
    return Integer.toString(before - scores.size());
  }

  private String range(String... words) {
    List<String> answer = new ArrayList<>();
    for (String member : ModelList.within(words[2], words[3], scores.size()).of(inOrder())) {
      answer.add(member);
      if (words.length > 4) {
        answer.add(number(scores.get(member)));
      }
    }
    return Replies.array(answer);
  }

  /** By score, and where that is the same by name. */
  private List<String> inOrder() {
    return scores.keySet().stream()
        .sorted(Comparator.<String>comparingDouble(scores::get).thenComparing(member -> member))
        .toList();
  }

  /** As Redis writes it; for what is no more than a few digits long. */
  static String number(double score) {
    return score == Math.rint(score) ? Long.toString((long) score) : Double.toString(score);
  }

  @Override
  public String toString() {
    return scores.toString();
  }
}

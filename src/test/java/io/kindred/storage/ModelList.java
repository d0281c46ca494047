package io.kindred.storage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list, as plain Java has it. */
final class ModelList implements ModelValue {

  private final List<String> items;

  ModelList() {
    this(List.of());
  }

  ModelList(List<String> items) {
    this.items = new ArrayList<>(items);
  }

  @Override
  public String type() {
    return "list";
  }

  @Override
  public boolean isEmpty() {
    return items.isEmpty();
  }

  @Override
  public ModelValue copy() {
    return new ModelList(items);
  }

  @Override
  public String run(String... words) {
    return switch (words[0]) {
      case "LPUSH", "RPUSH" -> push(words);
      case "LPOP", "RPOP" -> pop(words);
      case "LLEN" -> Integer.toString(items.size());
      case "LRANGE" ->
          Replies.array(
              within(words[2], words[3], items.size()).of(items).stream()
                  .map(Words::shown)
                  .toList());
      case "LINDEX" -> {
        int at = index(words[2]);
        yield at < 0 || at >= items.size() ? Replies.NIL : Words.shown(items.get(at));
      }
      case "LSET" -> set(words);
      case "LREM" -> remove(Integer.parseInt(words[2]), words[3]);
      case "LINSERT" -> insert(words);
      case "LTRIM" -> {
        List<String> kept = List.copyOf(within(words[2], words[3], items.size()).of(items));
        items.clear();
        items.addAll(kept);
        yield "OK";
      }
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  /** From an index to the one behind the last. */
  record Span(int from, int to) {
    <T> List<T> of(List<T> all) {
      return all.subList(from, to);
    }
  }

  /** Two inclusive indexes as Redis reads them, where there are so many. */
  static Span within(String start, String end, int size) {
    int first = Integer.parseInt(start);
    int last = Integer.parseInt(end);
    int from = Math.max(0, first < 0 ? first + size : first);
    int to = Math.min(size - 1, last < 0 ? last + size : last) + 1;
    return from < to ? new Span(from, to) : new Span(0, 0);
  }

  private int index(String word) {
    int index = Integer.parseInt(word);
    return index < 0 ? index + items.size() : index;
  }

  private String push(String... words) {
    for (int i = 2; i < words.length; i++) {
      items.add(words[0].equals("LPUSH") ? 0 : items.size(), words[i]);
    }
    return Integer.toString(items.size());
  }

  private String pop(String... words) {
    if (items.isEmpty()) {
      return Replies.NIL;
    }
    int count = words.length == 3 ? Math.min(items.size(), Integer.parseInt(words[2])) : 1;
    List<String> popped = new ArrayList<>();
    for (; count > 0; count--) {
      popped.add(Words.shown(items.remove(words[0].equals("LPOP") ? 0 : items.size() - 1)));
    }
    return words.length == 3 ? Replies.array(popped) : popped.get(0);
  }

  private String set(String... words) {
    if (items.isEmpty()) {
      return "ERR no such key";
    }
    int at = index(words[2]);
    if (at < 0 || at >= items.size()) {
      return "ERR index out of range";
    }
    items.set(at, words[3]);
    return "OK";
  }

  private String remove(int count, String item) {
    int left = count == 0 ? items.size() : Math.abs(count);
    int removed = 0;
    if (count < 0) {
      Collections.reverse(items);
    }
    while (removed < left && items.remove(item)) {
      removed++;
    }
    if (count < 0) {
      Collections.reverse(items);
    }
    return Integer.toString(removed);
  }

  private String insert(String... words) {
    if (items.isEmpty()) {
      return "0";
    }
    int at = items.indexOf(words[3]);
    if (at < 0) {
      return "-1";
    }
    items.add(words[2].equals("BEFORE") ? at : at + 1, words[4]);
    return Integer.toString(items.size());
  }

  @Override
  public String toString() {
    return Replies.array(items.stream().map(Words::shown).toList());
  }
}

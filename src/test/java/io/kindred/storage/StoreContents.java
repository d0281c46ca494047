package io.kindred.storage;

import io.kindred.command.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that a store has, read with commands. */
final class StoreContents {

  private final CrashingStore store;

  private StoreContents(CrashingStore store) {
    this.store = store;
  }

  /** What it has of these keys. */
  static RedisModel of(CrashingStore store, List<String> keys) {
    return new StoreContents(store).read(keys);
  }

  private RedisModel read(List<String> keys) {
    RedisModel found = new RedisModel();
    for (String key : keys) {
      String type = Replies.text(ask("TYPE", key));
      if (!type.equals("none")) {
        long ttl = Long.parseLong(Replies.text(ask("PTTL", key)));
        found.put(key, read(type, key), ttl < 0 ? 0 : store.millis() + ttl);
      }
    }
    return found;
  }

  private ModelValue read(String type, String key) {
    return switch (type) {
      case "string" -> new ModelValue.Text(Replies.string(ask("GET", key)));
      case "hash" -> {
        Map<String, String> fields = new TreeMap<>();
        List<String> items = strings("HGETALL", key);
        for (int i = 0; i < items.size(); i += 2) {
          fields.put(items.get(i), items.get(i + 1));
        }
        yield new ModelValue.Hash(fields);
      }
      case "set" -> new ModelValue.Members(new TreeSet<>(strings("SMEMBERS", key)));
      case "zset" -> {
        Map<String, Double> scores = new TreeMap<>();
        List<String> items = strings("ZRANGE", key, "0", "-1", "WITHSCORES");
        for (int i = 0; i < items.size(); i += 2) {
          scores.put(items.get(i), Double.valueOf(items.get(i + 1)));
        }
        yield new ModelSortedSet(scores);
      }
      case "list" -> new ModelList(strings("LRANGE", key, "0", "-1"));
      default -> throw new AssertionError(type);
    };
  }

  private List<String> strings(String... words) {
    return Replies.items(ask(words)).stream().map(Replies::string).toList();
  }

  private Reply ask(String... words) {
    return store.run(() -> {}, words);
  }
}

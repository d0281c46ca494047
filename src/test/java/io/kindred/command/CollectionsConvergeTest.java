package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Three racks whose clients use the same few keys, as anything, while what they write reaches the
 * others late, twice and in any order. At rest all show the same, and counts add up.
 */
class CollectionsConvergeTest {

  private static final String[] KEYS = {"k", "{k}2"};
  private static final String[] COMMANDS = {
    "ZADD k 1 a",
    "ZADD k 2 a",
    "ZADD k inf b",
    "ZADD k GT 3 a 1 c",
    "ZADD k NX 1 c -1 d",
    "ZINCRBY k 1.5 a",
    "ZINCRBY k 0.1 b",
    "ZINCRBY k -2 c",
    "ZADD k XX INCR 1 d",
    "ZREM k a",
    "ZREM k b c",
    "ZPOPMIN k",
    "ZPOPMAX k 2",
    "ZREMRANGEBYSCORE k 1 2",
    "ZREMRANGEBYRANK k 0 0",
    "RPUSH k a b",
    "LPUSH k c d",
    "RPUSH k a",
    "LPUSHX k e",
    "LPOP k",
    "RPOP k 2",
    "LSET k 0 x",
    "LSET k -1 y",
    "LINSERT k BEFORE a p",
    "LINSERT k AFTER a q",
    "LREM k 1 a",
    "LTRIM k 0 4",
    "HINCRBY k a 5",
    "HINCRBY k b -1",
    "HINCRBYFLOAT k c 0.5",
    "HSET k a 7",
    "HSETNX k b 1",
    "HDEL k a",
    "HDEL k b c",
    "SADD k a b",
    "SREM k a",
    "SPOP k",
    "SET k 1",
    "INCR k",
    "DEL k",
    "PEXPIRE k 40",
    "PERSIST k"
  };
  private static final String[][] READS = {
    {"TYPE", "k"},
    {"PTTL", "k"},
    {"ZRANGE", "k", "0", "-1", "WITHSCORES"},
    {"LRANGE", "k", "0", "-1"},
    {"GET", "k"},
    {"SCARD", "k"},
    {"HMGET", "k", "a", "b", "c"}
  };

  private List<CommandShard> racks;
  private List<List<Element>> underWay;

  @BeforeTry
  void startRacks() {
    racks = List.of(new CommandShard(1), new CommandShard(2), new CommandShard(3));
    underWay = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  @Property(tries = 150)
  void racksShowTheSameAtRest(@ForAll long seed) {
    Random random = new Random(seed);
    long counted = 0;
    boolean isCounted = false;
    for (int i = 0; i < 150; i++) {
      int at = random.nextInt(racks.size());
      CommandShard rack = racks.get(at);
      rack.now += random.nextInt(4);
      if (random.nextInt(6) == 0) {
        int by = random.nextInt(9) - 4;
        rack.run("ZINCRBY", "count z", "" + by, "m");
        rack.run("HINCRBY", "count h", "m", "" + by);
        counted += by;
        isCounted = true;
      } else {
        String[] words = COMMANDS[random.nextInt(COMMANDS.length)].split(" ");
        words[1] = KEYS[random.nextInt(KEYS.length)];
        assertThat(rack.run(words)).doesNotContain("Exception");
      }
      send(at, random);
      receiveSome(random.nextInt(racks.size()), random);
      checkRead(rack);
    }
    for (int at = 0; at < racks.size(); at++) {
      Collections.shuffle(underWay.get(at), random);
      underWay.get(at).forEach(racks.get(at)::merge);
      racks.get(at).now = CommandShard.START + 10_000;
    }
    assertThat(racks).allSatisfy(rack -> assertThat(reads(rack)).isEqualTo(reads(racks.get(0))));
    assertThat(racks).allSatisfy(rack -> assertThat(kept(rack)).isEqualTo(kept(racks.get(0))));
    String sum = isCounted ? Long.toString(counted) : "null";
    assertThat(racks.get(2).run("HGET", "count h", "m")).isEqualTo(sum);
    assertThat(racks.get(2).run("ZSCORE", "count z", "m")).isEqualTo(sum);
  }

  @Example
  void anExpirySetWhileTheLastMemberWentDoesNotFallOnTheNextKey() {
    CommandShard one = racks.get(0);
    CommandShard two = racks.get(1);
    for (String add : List.of("SADD k a", "ZADD k 1 a", "HSET k a 1", "RPUSH k a", "INCR k")) {
      one.run(add.split(" "));
      one.take().forEach(two::merge);
      String[] remove = {"SREM k a", "ZREM k a", "HDEL k a", "RPOP k", "DEL k"};
      Arrays.stream(remove).forEach(words -> two.run(words.split(" ")));
      one.now += 5;
      assertThat(one.run("PEXPIRE", "k", "40")).isEqualTo("1");
      one.take().forEach(two::merge);
      two.take().forEach(one::merge);
      assertThat(one.run("TYPE", "k")).isEqualTo("none");
      one.run(add.split(" "));
      assertThat(one.run("PTTL", "k")).as(add).isEqualTo("-1");
      one.take().forEach(two::merge);
      two.now = one.now += 100;
      assertThat(List.of(one, two)).allMatch(rack -> !rack.run("TYPE", "k").equals("none"));
      one.run("DEL", "k");
      one.take().forEach(two::merge);
    }
  }

  @Example
  void anExpiryThatComesBeforeWhatItWasSetForStays() {
    CommandShard one = racks.get(0);
    one.run("HSET", "k", "f", "1");
    List<Element> field = one.take();
    one.now += 5;
    one.run("PEXPIRE", "k", "40");
    CommandShard two = racks.get(1);
    one.take().forEach(two::merge);
    two.now = one.now;
    two.run("HSET", "k", "g", "2");
    assertThat(two.run("PTTL", "k")).isEqualTo("40");
    field.forEach(two::merge);
    two.now += 100;
    assertThat(two.run("TYPE", "k")).isEqualTo("none");
  }

  private void send(int from, Random random) {
    for (Element element : racks.get(from).take()) {
      for (int to = 0; to < racks.size(); to++) {
        if (to != from) {
          underWay.get(to).add(element);
          if (random.nextInt(8) == 0) {
            underWay.get(to).add(element);
          }
        }
      }
    }
  }

  private void receiveSome(int to, Random random) {
    List<Element> waiting = underWay.get(to);
    for (int count = random.nextInt(6); count > 0 && !waiting.isEmpty(); count--) {
      racks.get(to).merge(waiting.remove(random.nextInt(waiting.size())));
    }
    racks.get(to).take();
  }

  /** What different questions say of one key agrees. */
  private static void checkRead(CommandShard rack) {
    for (String key : KEYS) {
      switch (rack.run("TYPE", key)) {
        case "zset" -> {
          List<String> members = list(rack.run("ZRANGE", key, "0", "-1"));
          assertThat(rack.run("ZCARD", key)).isEqualTo("" + members.size());
          assertThat(rack.run("ZCOUNT", key, "-inf", "inf")).isEqualTo("" + members.size());
          for (int i = 0; i < members.size(); i++) {
            assertThat(rack.run("ZRANK", key, members.get(i))).isEqualTo("" + i);
            String fromTheEnd = Integer.toString(-1 - i);
            assertThat(rack.run("ZREVRANGE", key, fromTheEnd, fromTheEnd))
                .isEqualTo("[" + members.get(i) + "]");
          }
        }
        case "list" -> {
          List<String> items = list(rack.run("LRANGE", key, "0", "-1"));
          assertThat(rack.run("LLEN", key)).isEqualTo("" + items.size());
          for (int i = 0; i < items.size(); i++) {
            assertThat(rack.run("LINDEX", key, "" + i)).isEqualTo(items.get(i));
            assertThat(rack.run("LINDEX", key, "" + (i - items.size()))).isEqualTo(items.get(i));
          }
        }
        case "hash" -> {
          int fields = list(rack.run("HKEYS", key)).size();
          assertThat(rack.run("HLEN", key)).isEqualTo("" + fields).isNotEqualTo("0");
        }
        default -> {}
      }
    }
  }

  private static List<String> list(String text) {
    return text.equals("[]")
        ? List.of()
        : List.of(text.substring(1, text.length() - 1).split(", "));
  }

  private static List<String> reads(CommandShard rack) {
    List<String> answers = new ArrayList<>();
    for (String key : KEYS) {
      for (String[] read : READS) {
        String[] words = read.clone();
        words[1] = key;
        answers.add(Arrays.toString(words) + " " + rack.run(words));
      }
    }
    return answers;
  }

  private static List<Element> kept(CommandShard rack) {
    List<Element> kept = new ArrayList<>();
    for (String key : List.of("k", "count z", "count h")) {
      int slot = Slot.of(key.getBytes(StandardCharsets.US_ASCII));
      rack.store().forEachElement(slot, kept::add);
    }
    return kept;
  }
}

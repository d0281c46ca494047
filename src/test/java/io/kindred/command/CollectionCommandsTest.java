package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Version;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What commands on sorted sets, lists and counted fields write, and what becomes of it where two
 * racks write at once. That the answers are Redis's is the difference test's matter.
 */
class CollectionCommandsTest {

  private final CommandShard one = new CommandShard(1);
  private final CommandShard two = new CommandShard(2);

  @Test
  void zaddWritesEachMemberOnceUnderOneVersion() {
    assertThat(one.run("ZADD", "z", "CH", "1", "a", "2", "b", "3", "a")).isEqualTo("3");
    List<Element> written = one.take();
    assertThat(written).extracting(Element::kind).containsExactly(Kind.SCORE, Kind.SCORE);
    assertThat(written).extracting(Element::score).containsExactly(3.0, 2.0);
    assertThat(written).extracting(Element::version).containsOnly(written.get(0).version());
    assertThat(one.run("ZADD", "z", "NX", "5", "c", "6", "c")).isEqualTo("1");
    assertThat(one.run("ZADD", "z", "GT", "CH", "4", "a", "1", "b", "3", "a")).isEqualTo("1");
    assertThat(one.run("ZRANGE", "z", "0", "-1", "WITHSCORES")).isEqualTo("[b, 2, a, 4, c, 5]");
  }

  @Test
  void incrementsOfScoresInTwoRacksAddUp() {
    one.run("ZINCRBY", "z", "1.5", "m");
    one.run("ZADD", "z", "INCR", "1", "m");
    two.run("ZINCRBY", "z", "10", "m");
    List<Element> written = one.take();
    assertThat(written).extracting(Element::kind).containsOnly(Kind.SCORE_COUNT);
    assertThat(written).extracting(Element::score).containsExactly(1.5, 2.5);
    assertThat(written).extracting(Element::base).containsOnly(Version.NONE);
    assertThat(written).allMatch(Element::adds);
    exchange(written);
    assertThat(both("ZSCORE", "z", "m")).isEqualTo("12.5");
    assertThat(one.run("ZINCRBY", "z", "-2.5", "m")).isEqualTo("10");
  }

  @Test
  void aScoreThatIsSetIsTheBaseOfWhatFollows() {
    one.run("ZINCRBY", "z", "5", "m");
    one.run("ZADD", "z", "100", "m");
    assertThat(one.run("ZSCORE", "z", "m")).isEqualTo("100");
    Element base = one.take().get(1);
    one.run("ZINCRBY", "z", "1", "m");
    Element count = one.take().get(0);
    assertThat(count.base()).isEqualTo(base.version());
    assertThat(count.adds()).isFalse();
    assertThat(count.score()).isEqualTo(1);
    assertThat(one.run("ZSCORE", "z", "m")).isEqualTo("101");
  }

  @Test
  void aRemovedMemberCountsFromZero() {
    one.run("ZINCRBY", "z", "5", "m");
    one.run("ZADD", "z", "1", "n");
    assertThat(one.run("ZREM", "z", "m")).isEqualTo("1");
    assertThat(one.run("ZSCORE", "z", "m")).isEqualTo("null");
    assertThat(one.run("ZCARD", "z")).isEqualTo("1");
    assertThat(one.run("ZINCRBY", "z", "2", "m")).isEqualTo("2");
    assertThat(one.run("ZRANGE", "z", "0", "-1")).isEqualTo("[n, m]");
  }

  @Test
  void infinitiesOfTwoRacksDoNotStopASortedSet() {
    one.run("ZINCRBY", "z", "inf", "m");
    two.run("ZINCRBY", "z", "-inf", "m");
    one.run("ZADD", "z", "1", "n");
    exchange(one.take());
    assertThat(both("ZCARD", "z")).isEqualTo("2");
    assertThat(one.run("ZINCRBY", "z", "-inf", "m"))
        .isEqualTo("ERR resulting score is not a number (NaN)");
    assertThat(both("ZRANGE", "z", "0", "-1", "WITHSCORES")).isEqualTo("[m, 0, n, 1]");
    assertThat(one.run("ZREM", "z", "m")).isEqualTo("1");
  }

  @Test
  void incrementsOfFieldsInTwoRacksAddUp() {
    one.run("HINCRBY", "h", "f", "1");
    one.run("HINCRBY", "h", "f", "2");
    two.run("HINCRBY", "h", "f", "10");
    List<Element> written = one.take();
    assertThat(written).extracting(Element::kind).containsOnly(Kind.FIELD_COUNT);
    assertThat(written).extracting(Element::number).containsExactly(1L, 3L);
    exchange(written);
    assertThat(both("HGETALL", "h")).isEqualTo("[f, 13]");
    assertThat(one.run("HINCRBY", "h", "f", "1")).isEqualTo("14");
    one.run("HSET", "h", "f", "100");
    assertThat(one.run("HINCRBY", "h", "f", "1")).isEqualTo("101");
    assertThat(one.run("HINCRBYFLOAT", "h", "f", "0.5")).isEqualTo("101.5");
    exchange(one.take());
    assertThat(both("HGET", "h", "f")).isEqualTo("101.5");
    assertThat(one.run("HDEL", "h", "f")).isEqualTo("1");
    assertThat(one.run("HINCRBY", "h", "f", "7")).isEqualTo("7");
  }

  @Test
  void pushesOfTwoRacksAtOnceDoNotMingle() {
    one.run("RPUSH", "l", "m");
    exchange(one.take());
    one.run("RPUSH", "l", "a", "b");
    one.run("LPUSH", "l", "c", "d");
    two.run("RPUSH", "l", "x", "y");
    two.run("LPUSH", "l", "v", "w");
    List<Element> written = one.take();
    assertThat(written).extracting(Element::kind).containsOnly(Kind.ITEM);
    exchange(written);
    assertThat(both("LRANGE", "l", "0", "-1")).isEqualTo("[d, c, w, v, m, a, b, x, y]");
  }

  @Test
  void twoRacksThatPopAtOnceDeliverOneItemTwice() {
    one.run("RPUSH", "l", "a", "b", "c");
    exchange(one.take());
    assertThat(both("LPOP", "l")).isEqualTo("a");
    exchange(one.take());
    assertThat(both("LRANGE", "l", "0", "-1")).isEqualTo("[b, c]");
  }

  @Test
  void anItemKeepsItsPlaceWhateverItsValue() {
    one.run("RPUSH", "l", "a", "b", "c");
    byte[] position = one.take().get(1).part();
    assertThat(one.run("LSET", "l", "-2", "B")).isEqualTo("OK");
    assertThat(one.take().get(0).part()).isEqualTo(position);
    assertThat(one.run("LINSERT", "l", "BEFORE", "B", "1")).isEqualTo("4");
    assertThat(one.run("LINSERT", "l", "BEFORE", "B", "2")).isEqualTo("5");
    assertThat(one.run("LINSERT", "l", "AFTER", "c", "4")).isEqualTo("6");
    assertThat(one.run("LINSERT", "l", "AFTER", "c", "3")).isEqualTo("7");
    assertThat(one.run("LINSERT", "l", "BEFORE", "a", "0")).isEqualTo("8");
    assertThat(one.run("LRANGE", "l", "0", "-1")).isEqualTo("[0, a, 1, 2, B, c, 3, 4]");
    assertThat(one.run("LTRIM", "l", "1", "-2")).isEqualTo("OK");
    assertThat(one.run("LREM", "l", "0", "c")).isEqualTo("1");
    assertThat(one.run("RPOP", "l", "2")).isEqualTo("[3, B]");
    assertThat(one.run("LRANGE", "l", "0", "-1")).isEqualTo("[a, 1, 2]");
  }

  @Test
  void longListsAreSearchedToTheirEnd() {
    for (int i = 0; i < 300; i++) {
      one.run("RPUSH", "l", "v" + i % 100);
    }
    assertThat(one.run("LPOS", "l", "v99", "COUNT", "0")).isEqualTo("[99, 199, 299]");
    assertThat(one.run("LPOS", "l", "v0", "RANK", "-1", "MAXLEN", "100")).isEqualTo("200");
    assertThat(one.run("LREM", "l", "-2", "v0")).isEqualTo("2");
    assertThat(one.run("LPOS", "l", "v0", "COUNT", "0")).isEqualTo("[0]");
    assertThat(one.run("LINSERT", "l", "AFTER", "v99", "x")).isEqualTo("299");
    assertThat(one.run("LINDEX", "l", "100")).isEqualTo("x");
  }

  @Test
  void whatChangesNothingWritesNothing() {
    one.run("ZADD", "z", "1", "m");
    one.run("RPUSH", "l", "a");
    one.run("HSET", "h", "f", "x");
    one.run("SADD", "s", "m");
    one.take();
    for (String command :
        List.of(
            "ZADD z NX 2 m",
            "ZADD z XX 2 n",
            "ZADD z GT 1 m",
            "ZADD z XX GT INCR -1 m",
            "ZADD no XX 1 m",
            "ZADD h 1 m",
            "ZINCRBY z nan m",
            "ZREM z n",
            "ZREM no m",
            "ZREMRANGEBYSCORE z 2 3",
            "ZREMRANGEBYRANK z 1 2",
            "ZREMRANGEBYLEX z (m +",
            "ZPOPMIN z 0",
            "ZPOPMAX no",
            "LPUSHX no a",
            "LPUSH z a",
            "LPOP no",
            "LPOP l 0",
            "LREM l 0 b",
            "LTRIM l 0 -1",
            "LSET l 1 b",
            "LINSERT l BEFORE b c",
            "HSETNX h f y",
            "HINCRBY h f 1",
            "HINCRBYFLOAT h f 1",
            "SPOP s 0",
            "SPOP no",
            "SRANDMEMBER s",
            "SETRANGE no 0 ",
            "SETRANGE h 0 x",
            "INCRBYFLOAT h 1",
            "GETRANGE h 0 1")) {
      one.run(command.split(" ", -1));
      assertThat(one.take()).as(command).isEmpty();
    }
  }

  @Test
  void theLastMemberOrItemTakesTheExpiryWithIt() {
    String[][] emptying = {
      {"ZREM", "z", "m"},
      {"ZPOPMIN", "z"},
      {"ZREMRANGEBYRANK", "z", "0", "-1"},
      {"LPOP", "l"},
      {"LREM", "l", "0", "a"},
      {"LTRIM", "l", "1", "0"},
      {"SPOP", "s"},
      {"HDEL", "h", "f"}
    };
    for (String[] command : emptying) {
      one.run("ZADD", "z", "1", "m");
      one.run("RPUSH", "l", "a");
      one.run("SADD", "s", "m");
      one.run("HINCRBY", "h", "f", "1");
      one.run("EXPIRE", command[1], "100");
      one.run(command);
      assertThat(one.run("TYPE", command[1])).isEqualTo("none");
      one.run("ZADD", "z", "1", "m");
      one.run("RPUSH", "l", "a");
      one.run("SADD", "s", "m");
      one.run("HINCRBY", "h", "f", "1");
      assertThat(one.run("TTL", command[1])).as(command[0]).isEqualTo("-1");
      for (String key : List.of("z", "l", "s", "h")) {
        one.run("DEL", key);
      }
    }
  }

  @Test
  void whatWasCountedBeforeAnExpiryIsGoneBehindIt() {
    one.run("ZINCRBY", "z", "5", "m");
    one.run("HINCRBY", "h", "f", "5");
    one.run("RPUSH", "l", "a");
    for (String key : List.of("z", "h", "l")) {
      one.run("PEXPIRE", key, "100");
    }
    one.now += 100;
    assertThat(one.run("ZRANGE", "z", "0", "-1")).isEqualTo("[]");
    assertThat(one.run("ZINCRBY", "z", "1", "m")).isEqualTo("1");
    assertThat(one.run("HINCRBY", "h", "f", "1")).isEqualTo("1");
    assertThat(one.run("RPUSH", "l", "b")).isEqualTo("1");
    assertThat(one.run("TTL", "z")).isEqualTo("-1");
  }

  @Test
  void anyMembersAreMembersAndDifferent() {
    for (int i = 0; i < 20; i++) {
      one.run("SADD", "s", "m" + i);
    }
    for (String count : List.of("1", "5", "20", "30")) {
      String answer = one.run("SRANDMEMBER", "s", count);
      List<String> members = List.of(answer.substring(1, answer.length() - 1).split(", "));
      assertThat(members).hasSize(Math.min(20, Integer.parseInt(count))).doesNotHaveDuplicates();
      assertThat(members).allMatch(member -> one.run("SISMEMBER", "s", member).equals("1"));
    }
    assertThat(one.run("SRANDMEMBER", "s", "-50").split(", ")).hasSize(50);
    assertThat(one.run("SRANDMEMBER", "s", "-9223372036854775807")).startsWith("ERR");
    HashSet<String> popped = new HashSet<>();
    for (int left = 20; left > 0; left--) {
      assertThat(one.run("SCARD", "s")).isEqualTo("" + left);
      popped.add(one.run("SPOP", "s"));
    }
    assertThat(popped).hasSize(20);
    assertThat(one.run("SPOP", "s")).isEqualTo("null");
  }

  @Test
  void anyMemberIsAsLikelyAsAnotherInSmallSetsAndInLarge() {
    for (int size : new int[] {10, 400}) {
      for (int i = 0; i < size; i++) {
        one.run("SADD", "s" + size, "a member with the number " + i);
      }
      Map<String, Integer> seen = new HashMap<>();
      for (String count : List.of("3", "-3")) {
        for (int i = 0; i < 200 * size; i++) {
          String answer = one.run("SRANDMEMBER", "s" + size, count);
          for (String member : List.of(answer.substring(1, answer.length() - 1).split(", "))) {
            seen.merge(member, 1, Integer::sum);
          }
        }
      }
      // 1,200 of each are expected; the deviation is some 35.
      assertThat(seen).hasSize(size);
      assertThat(seen.values()).allMatch(times -> times > 900 && times < 1_500);
    }
  }

  @Test
  void poppingTakesAwayWhatItAnswers() {
    for (int i = 0; i < 500; i++) {
      one.run("SADD", "s", "m" + i);
    }
    one.run("SREM", "s", "m7", "m8");
    String answer = one.run("SPOP", "s", "200");
    List<String> popped = List.of(answer.substring(1, answer.length() - 1).split(", "));
    assertThat(popped).hasSize(200).doesNotHaveDuplicates().doesNotContain("m7", "m8");
    assertThat(popped).allMatch(member -> one.run("SISMEMBER", "s", member).equals("0"));
    assertThat(one.run("SCARD", "s")).isEqualTo("298");
  }

  /** What rack one wrote goes to rack two, and what rack two wrote since then to rack one. */
  private void exchange(List<Element> ofOne) {
    List<Element> ofTwo = two.take();
    ofOne.forEach(two::merge);
    ofTwo.forEach(one::merge);
    two.take();
    one.take();
  }

  /** Asks both racks, which must agree. */
  private String both(String... words) {
    String answer = one.run(words);
    assertThat(two.run(words)).isEqualTo(answer);
    return answer;
  }
}

package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindred.command.CommandSpec;
import io.kindred.command.CommandSpec.Action;
import io.kindred.command.Commands;
import io.kindred.command.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commands, right and wrong ones, answered by a real redis-server and by a shard: the
 * answers must be the same. Skipped, and said so, where there is no redis-server 7.
 */
class RedisDifferenceTest {

  private static final Set<String> UNORDERED = Set.of("smembers", "hkeys", "hvals", "hgetall");
  private static final Set<String> TIMED = Set.of("ttl", "pttl");
  private static final int COMMANDS = 60_000;

  /** What no two servers answer alike, or what Redis leaves open where scores differ. */
  private static final Set<String> APART =
      Set.of("spop", "srandmember", "zlexcount", "zrangebylex", "zrevrangebylex", "zremrangebylex");

  private static Process redis;
  private static Wire wire;

  @BeforeAll
  static void startRedis(@TempDir Path directory) throws IOException {
    boolean isThere =
        java.util.Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(path -> new File(path, "redis-server").canExecute());
    if (!isThere) {
      System.err.println("SKIPPED: no redis-server here to compare the commands' answers with");
    }
    assumeTrue(isThere, "no redis-server on the path");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    redis =
        new ProcessBuilder(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    wire =
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .ignoreException(java.net.ConnectException.class)
            .until(() -> new Wire(port), java.util.Objects::nonNull);
    String server = Wire.text(wire.ask("INFO", "server"));
    if (!server.contains("redis_version:7.")) {
      System.err.println("SKIPPED: the redis-server here is not of version 7");
    }
    assumeTrue(server.contains("redis_version:7."), "redis-server of another version");
  }

  @AfterAll
  static void stopRedis() throws IOException {
    if (wire != null) {
      wire.close();
    }
    if (redis != null) {
      redis.destroy();
    }
  }

  @Test
  void answersWhatRedisAnswers() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ShardAlone shard = new ShardAlone(System::currentTimeMillis);
    assertThat(wire.ask("FLUSHALL")).isEqualTo(new Reply.Simple("OK"));
    List<CommandSpec> specs =
        Commands.all().values().stream()
            .filter(spec -> !(spec.action() instanceof Action.OnNode))
            .filter(spec -> !APART.contains(spec.name()))
            // Later ones the redis-server of this test may not know.
            .filter(spec -> spec.since().charAt(0) <= '7')
            .toList();
    RandomCommands commands = new RandomCommands(random);
    List<String> history = new ArrayList<>();
    int good = 0;
    Set<String> unheard = new TreeSet<>(specs.stream().map(CommandSpec::name).toList());
    for (int i = 0; i < COMMANDS; i++) {
      String[] command = commands.next(specs.get(random.nextInt(specs.size())));
      String expected = comparable(command[0], wire.ask(command));
      String answered = comparable(command[0], shard.run(command));
      history.add(String.join(" ", command) + " -> " + expected);
      assertThat(answered)
          .as(
              "seed %d, command %d; the last ones: %s",
              seed, i, history.subList(Math.max(0, i - 12), i + 1))
          .isEqualTo(expected);
      if (!expected.startsWith("-")) {
        good++;
        unheard.remove(command[0]);
      }
    }
    assertThat(good).as("commands that were no errors").isGreaterThan(COMMANDS / 2);
    assertThat(unheard).as("commands that were always errors").isEmpty();
  }

  @Test
  void rangesOfMembersAreRedisRanges() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ShardAlone shard = new ShardAlone(System::currentTimeMillis);
    assertThat(wire.ask("DEL", "lex")).isInstanceOf(Reply.Int.class);
    String[] members = {"", "a", "aa", "ab", "b", "ba", "c", "z", "\u00ff"};
    String[] bounds = {"-", "+", "[", "(", "[a", "(a", "[aa", "(ab", "[b", "(c", "[bb", "x", "-x"};
    for (int i = 0; i < 3000; i++) {
      String from = bounds[random.nextInt(bounds.length)];
      String to = bounds[random.nextInt(bounds.length)];
      String member = members[random.nextInt(members.length)];
      String[] command =
          switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> new String[] {"zadd", "lex", "0", member};
            case 4 -> new String[] {"zrem", "lex", member};
            case 5 -> new String[] {"zlexcount", "lex", from, to};
            case 6 -> new String[] {"zrangebylex", "lex", from, to};
            case 7 -> new String[] {"zrevrangebylex", "lex", from, to, "LIMIT", "1", "2"};
            case 8 -> new String[] {"zrange", "lex", from, to, "BYLEX", "LIMIT", "0", "3"};
            case 9 -> new String[] {"zrange", "lex", from, to, "REV", "BYLEX"};
            case 10 -> new String[] {"zremrangebylex", "lex", from, to};
            default -> new String[] {"zrangebylex", "lex", from, to, "WITHSCORES"};
          };
      assertThat(Wire.text(shard.run(command)))
          .as("seed %d, command %d, %s", seed, i, String.join(" ", command))
          .isEqualTo(Wire.text(wire.ask(command)));
    }
  }

  @Test
  void answersHaveRedisShapesInBothProtocols() throws IOException {
    String[] commands = {
      "ZADD z 1.5 a 2 b inf c 0.1 d",
      "ZRANGE z 0 -1 WITHSCORES",
      "ZRANGE z 0 -1",
      "ZREVRANGEBYSCORE z +inf (0.1 WITHSCORES LIMIT 1 1",
      "ZRANGE no 0 -1 WITHSCORES",
      "ZPOPMIN z",
      "ZPOPMIN z 1",
      "ZPOPMAX z 1",
      "ZPOPMAX no",
      "ZPOPMAX no 1",
      "ZSCORE z b",
      "ZSCORE z no",
      "ZINCRBY z 0.25 b",
      "ZADD z INCR 1 e",
      "ZADD z NX INCR 1 e",
      "ZMSCORE z e no",
      "ZRANK z no",
      "LPOP no",
      "LPOP no 1",
      "RPUSH l a b c",
      "LPOP l 0",
      "LPOP l 1",
      "RPOP l",
      "LPOS l b",
      "LPOS l x",
      "LPOS l x COUNT 0",
      "LINDEX l 9",
      "INCRBYFLOAT f 10.5",
      "HINCRBYFLOAT h f 0.1",
      "HINCRBY h n 3",
      "HSETNX h n 3",
      "HSTRLEN h f",
      "SETRANGE s 3 x",
      "GETRANGE s 0 -1",
      "SADD one m",
      "SMISMEMBER one m n",
      "SRANDMEMBER one",
      "SRANDMEMBER one 1",
      "SRANDMEMBER one -2",
      "SRANDMEMBER one 9",
      "SRANDMEMBER one x",
      "SRANDMEMBER one -9223372036854775808",
      "SRANDMEMBER one 1 2",
      "SRANDMEMBER no",
      "SRANDMEMBER no -1",
      "SRANDMEMBER z",
      "SPOP one 0",
      "SPOP one -1",
      "SPOP one x",
      "SPOP one 1 2",
      "SPOP z",
      "SPOP one 2",
      "SPOP one 2",
      "SPOP one"
    };
    for (String protocol : new String[] {"2", "3"}) {
      wire.ask("HELLO", protocol);
      wire.ask("DEL", "z", "l", "f", "h", "s", "one");
      ShardAlone shard = new ShardAlone(System::currentTimeMillis);
      for (String command : commands) {
        ByteBuf answered = Unpooled.buffer();
        ReplyEncoder.write(shard.run(command.split(" ")), protocol.equals("3"), answered);
        wire.send(command.split(" "));
        assertThat(answered.toString(StandardCharsets.ISO_8859_1))
            .as("%s in protocol %s", command, protocol)
            .isEqualTo(
                new String(wire.readRaw(answered.readableBytes()), StandardCharsets.ISO_8859_1));
      }
    }
    wire.ask("HELLO", "2");
  }

  @Test
  void unknownCommandsAreNamedAsRedisNamesThem() throws IOException {
    ShardAlone shard = new ShardAlone(System::currentTimeMillis);
    String[][] unknown = {
      {"foo"},
      {"foo", "bar"},
      {"FOO", "a b", "", "c"},
      {"x".repeat(200), "y".repeat(200), "z"},
      {"foo", "a".repeat(60), "b".repeat(60), "c".repeat(60)},
      {"fo\r\no", "a\nb"}
    };
    for (String[] command : unknown) {
      assertThat(Wire.text(shard.run(command)).replaceAll("[\r\n]", " "))
          .isEqualTo(Wire.text(wire.ask(command)));
    }
  }

  private static String comparable(String command, Reply reply) {
    if (TIMED.contains(command) && reply instanceof Reply.Int number && number.value() > 0) {
      // The two were asked at different moments.
      return number.value() < 1_000_000_000 ? "soon" : "late";
    }
    if (!UNORDERED.contains(command) || reply instanceof Reply.Failure) {
      return Wire.text(reply);
    }
    List<String> items = new ArrayList<>(Wire.items(reply).stream().map(Wire::text).toList());
    if (command.equals("hgetall")) {
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < items.size(); i += 2) {
        pairs.add(items.get(i) + "=" + items.get(i + 1));
      }
      items = pairs;
    }
    items.sort(null);
    return items.toString();
  }
}

package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindred.command.CommandSpec;
import io.kindred.command.CommandSpec.Action;
import io.kindred.command.Commands;
import io.kindred.command.Reply;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
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

  private static final String[] KEYS = {"a", "b", "c", "{t}d"};

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
            .toList();
    List<String> history = new ArrayList<>();
    int good = 0;
    for (int i = 0; i < COMMANDS; i++) {
      String[] command = command(specs.get(random.nextInt(specs.size())), random);
      String expected = comparable(command[0], wire.ask(command));
      String answered = comparable(command[0], shard.run(command));
      history.add(String.join(" ", command) + " -> " + expected);
      assertThat(answered)
          .as(
              "seed %d, command %d; the last ones: %s",
              seed, i, history.subList(Math.max(0, i - 12), i + 1))
          .isEqualTo(expected);
      good += expected.startsWith("-") ? 0 : 1;
    }
    assertThat(good).as("commands that were no errors").isGreaterThan(COMMANDS / 3);
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

  private static String[] command(CommandSpec spec, Random random) {
    int usual = Math.abs(spec.arity());
    int count = spec.arity() < 0 ? usual + random.nextInt(4) : usual;
    if (random.nextInt(30) == 0) {
      count = 1 + random.nextInt(6);
    }
    String[] command = new String[count];
    command[0] = spec.name();
    for (int i = 1; i < count; i++) {
      command[i] = argument(spec, command, i, random);
    }
    return command;
  }

  private static String argument(CommandSpec spec, String[] command, int i, Random random) {
    boolean isKey = i == 1 || (spec.lastKey() < 0 && (i - 1) % spec.step() == 0);
    if (isKey) {
      return one(KEYS, random);
    }
    boolean isExpire = spec.name().contains("expire");
    boolean isAmount = i == 2 && (isExpire || spec.name().endsWith("setex"));
    String before = command[i - 1].toLowerCase(Locale.ROOT);
    if (spec.name().equals("set") && i > 3) {
      isAmount = Set.of("ex", "px", "exat", "pxat").contains(before);
    }
    if (isAmount) {
      boolean isAbsolute = spec.name().endsWith("at") || before.endsWith("at");
      return one(isAbsolute ? ABSOLUTE_TIMES : RELATIVE_TIMES, random);
    }
    boolean isOption = i >= 3 && (isExpire || spec.name().equals("set")) && random.nextInt(9) > 0;
    return one(isOption ? OPTIONS : WORDS, random);
  }

  private static String one(String[] of, Random random) {
    return of[random.nextInt(of.length)];
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

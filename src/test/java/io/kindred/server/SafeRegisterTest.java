package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.linearizability.Checker;
import io.kindred.linearizability.History;
import io.kindred.linearizability.StringKey;
import io.kindred.linearizability.StringKey.Input;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands in one order, at three nodes that nothing feeds: what is agreed is agreed by asking. */
class SafeRegisterTest {

  private TestNode one;
  private TestNode two;
  private TestNode three;
  private Ring ring;

  @BeforeEach
  void start() throws Exception {
    one = new TestNode("node-1", "rack-1", 1).loaded();
    two = new TestNode("node-2", "rack-2", 2).loaded();
    three = new TestNode("node-3", "rack-3", 3).loaded();
    ring = TestNode.ring(one, two, three);
    for (TestNode node : all()) {
      node.serve(true);
      sees(node, one, two, three);
    }
  }

  private List<TestNode> all() {
    return List.of(one, two, three);
  }

  private void sees(TestNode who, TestNode... masters) {
    Map<NodeId, Phase> phases = new HashMap<>();
    for (TestNode master : masters) {
      phases.put(master.id(), Phase.MASTER);
    }
    who.believe(ring, phases, Set.copyOf(phases.keySet()));
  }

  @AfterEach
  void stop() {
    all().forEach(TestNode::close);
  }

  private static Wire safe(TestNode node) throws Exception {
    Wire wire = new Wire(node.port());
    assertThat(
            Wire.text(
                wire.ask(
                    "KINDRED", "CONSISTENCY", "READ", "dc_safe_quorum", "WRITE", "dc_safe_quorum")))
        .isEqualTo("+OK");
    return wire;
  }

  private static String ask(TestNode node, String... words) throws Exception {
    try (Wire wire = safe(node)) {
      return Wire.text(wire.ask(words));
    }
  }

  @Test
  void whatOneWritesAllRead() throws Exception {
    assertThat(ask(one, "GET", "k")).isEqualTo("null");
    assertThat(ask(one, "SET", "k", "1")).isEqualTo("+OK");
    for (TestNode node : all()) {
      assertThat(ask(node, "GET", "k")).isEqualTo("\"1\"");
    }
    assertThat(ask(two, "APPEND", "k", "2")).isEqualTo("2");
    assertThat(ask(three, "GETDEL", "k")).isEqualTo("\"12\"");
    assertThat(ask(one, "EXISTS", "k")).isEqualTo("0");
    assertThat(ask(one, "DEL", "k")).isEqualTo("0");
    assertThat(ask(two, "INCRBY", "n", "5")).isEqualTo("5");
    assertThat(ask(three, "INCR", "n")).isEqualTo("6");
    assertThat(ask(three, "INCR", "k2")).isEqualTo("1");
    assertThat(ask(one, "SET", "n", "x", "GET")).isEqualTo("\"6\"");
    assertThat(ask(one, "INCR", "n")).startsWith("-ERR value is not an integer");
  }

  @Test
  void anExpiryStaysOrGoesAsTheCommandSays() throws Exception {
    assertThat(ask(one, "SET", "k", "1", "EX", "100")).isEqualTo("+OK");
    assertThat(ask(two, "INCR", "k")).isEqualTo("2");
    assertThat(Integer.parseInt(ask(three, "TTL", "k"))).isBetween(95, 100);
    assertThat(ask(three, "PERSIST", "k")).isEqualTo("1");
    assertThat(ask(one, "TTL", "k")).isEqualTo("-1");
    assertThat(ask(one, "PEXPIRE", "k", "1")).isEqualTo("1");
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(ask(two, "EXISTS", "k")).isEqualTo("0"));
    assertThat(ask(three, "SET", "k", "new", "NX")).isEqualTo("+OK");
    assertThat(ask(one, "TTL", "k")).isEqualTo("-1");
  }

  @Test
  void aLockIsSafe() throws Exception {
    assertThat(ask(one, "SET", "lock", "me", "NX", "PX", "60000")).isEqualTo("+OK");
    assertThat(ask(two, "SET", "lock", "you", "NX", "PX", "60000")).isEqualTo("null");
    assertThat(ask(two, "DELIFEQ", "lock", "you")).isEqualTo("0");
    assertThat(ask(two, "DELEX", "lock", "IFEQ", "you")).isEqualTo("0");
    assertThat(ask(one, "DELIFEQ", "lock", "me")).isEqualTo("1");
    assertThat(ask(two, "SET", "lock", "you", "NX", "PX", "60000")).isEqualTo("+OK");
    assertThat(ask(three, "SET", "lock", "later", "IFEQ", "me")).isEqualTo("null");
    assertThat(ask(three, "SET", "lock", "later", "IFEQ", "you")).isEqualTo("+OK");
    assertThat(ask(three, "SET", "none", "v", "IFEQ", "you")).isEqualTo("null");
    assertThat(ask(three, "GET", "none")).isEqualTo("null");
  }

  @Test
  void whatCannotBeMadeSafeIsRefused() throws Exception {
    assertThat(ask(one, "HSET", "h", "f", "1"))
        .isEqualTo(
            "-ERR 'HSET' cannot run at dc_safe_quorum: only commands on one string key can;"
                + " KINDRED AT dc_quorum runs it");
    assertThat(ask(one, "MSET", "a", "1", "b", "2")).startsWith("-ERR 'MSET' cannot run");
    assertThat(ask(one, "DEL", "a", "b")).startsWith("-ERR 'DEL' cannot run");
    assertThat(ask(one, "MGET", "a")).isEqualTo("[null]");
    try (Wire wire = new Wire(one.port())) {
      wire.ask("HSET", "h", "f", "1");
    }
    sees(one, one, two);
    sees(two, one, two);
    assertThat(ask(one, "GET", "h")).startsWith("-WRONGTYPE");
    assertThat(ask(one, "SET", "h", "1")).startsWith("-WRONGTYPE");
  }

  /** Written at another level, at one node only: who asks a majority finds it or not, for all. */
  @Test
  void counterExample22TwoSetNxDoNotBothWin() throws Exception {
    for (int round = 0; round < 30; round++) {
      String key = "lock-" + round;
      ExecutorService clients = Executors.newFixedThreadPool(3);
      List<Future<String>> answers = new ArrayList<>();
      for (TestNode node : all()) {
        answers.add(clients.submit(() -> ask(node, "SET", key, node.id().name(), "NX")));
      }
      int won = 0;
      for (Future<String> answer : answers) {
        String text = answer.get(30, TimeUnit.SECONDS);
        won += text.equals("+OK") ? 1 : 0;
        assertThat(text).isIn("+OK", "null");
      }
      clients.shutdown();
      assertThat(won).isEqualTo(1);
    }
  }

  @Test
  void aMinorityIsToldAtOnce() throws Exception {
    sees(one, one);
    assertThat(ask(one, "SET", "k", "1"))
        .startsWith("-NOQUORUM it takes 2 racks, and 1 serve ")
        .endsWith("nothing was written");
    assertThat(ask(one, "GET", "k")).startsWith("-NOQUORUM");
  }

  @Test
  void oneRackMayBeAway() throws Exception {
    ask(one, "SET", "k", "1");
    three.serve(false);
    assertThat(ask(two, "GET", "k")).isEqualTo("\"1\"");
    assertThat(ask(two, "SET", "k", "2")).isEqualTo("+OK");
    one.serve(false);
    three.serve(true);
    assertThat(ask(three, "GET", "k")).as("which was not told").isEqualTo("\"2\"");
    two.serve(false);
    assertThat(ask(three, "GET", "k")).startsWith("-NOQUORUM");
  }

  /**
   * Clients at all nodes, which see different masters and so propose at different nodes, while
   * racks stop serving and begin again: what they saw has an order.
   */
  @Test
  void whatClientsSeeHasAnOrder() throws Exception {
    for (int round = 0; round < 4; round++) {
      String key = "{" + round + "}register";
      History history = new History();
      ExecutorService threads = Executors.newFixedThreadPool(7);
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < 6; client++) {
        int number = client;
        long seed = 100L * round + client;
        running.add(
            threads.submit(
                () -> {
                  client(number, all().get(number % 3), key, new Random(seed), history);
                  return null;
                }));
      }
      Random die = new Random(round);
      running.add(threads.submit(() -> disturb(die)));
      for (Future<?> each : running) {
        each.get(120, TimeUnit.SECONDS);
      }
      threads.shutdown();
      assertThat(history.operations()).hasSizeGreaterThan(200);
      assertThat(history.operations().stream().filter(History.Operation::isComplete).count())
          .as("answered")
          .isGreaterThan(100);
      assertThat(Checker.isLinearizable(new StringKey(), history.operations()))
          .as("round " + round + ": " + history.operations())
          .isTrue();
    }
  }

  /** Racks stop and begin to serve, and nodes see different masters, a little while each. */
  private void disturb(Random die) {
    for (int i = 0; i < 60; i++) {
      TestNode node = all().get(die.nextInt(3));
      node.serve(false);
      TestNode who = all().get(die.nextInt(3));
      TestNode unseen = all().get(die.nextInt(3));
      sees(who, all().stream().filter(each -> each != unseen).toArray(TestNode[]::new));
      node.serve(true);
      sees(who, one, two, three);
    }
  }

  private static void client(int number, TestNode node, String key, Random die, History history)
      throws Exception {
    try (Wire wire = safe(node)) {
      for (int i = 0; i < 60; i++) {
        Input input = input(die);
        long called = history.call();
        String answer = Wire.text(wire.ask(words(key, input)));
        if (answer.startsWith("-")) {
          assertThat(answer).startsWith("-NOQUORUM");
          if (!answer.endsWith("nothing was written")) {
            history.unknown(number, called, input);
          }
        } else {
          history.returned(number, called, input, plain(answer));
        }
      }
    }
  }

  private static Input input(Random die) {
    String some = String.valueOf(die.nextInt(4));
    return switch (die.nextInt(9)) {
      case 0, 1 -> new Input.Set(some);
      case 2 -> new Input.SetIfAbsent(some);
      case 3 -> new Input.SetIfEqual(some, String.valueOf(die.nextInt(4)));
      case 4 -> new Input.DeleteIfEqual(some);
      case 5 -> new Input.GetDelete();
      case 6 -> new Input.Increment();
      default -> new Input.Get();
    };
  }

  private static String[] words(String key, Input input) {
    if (input instanceof Input.Set set) {
      return new String[] {"SET", key, set.value()};
    }
    if (input instanceof Input.SetIfAbsent set) {
      return new String[] {"SET", key, set.value(), "NX"};
    }
    if (input instanceof Input.SetIfEqual set) {
      return new String[] {"SET", key, set.value(), "IFEQ", set.expected()};
    }
    if (input instanceof Input.DeleteIfEqual delete) {
      return new String[] {"DELIFEQ", key, delete.expected()};
    }
    if (input instanceof Input.GetDelete) {
      return new String[] {"GETDEL", key};
    }
    return input instanceof Input.Increment
        ? new String[] {"INCR", key}
        : new String[] {"GET", key};
  }

  private static String plain(String answer) {
    return answer.equals("null") ? StringKey.ABSENT : answer.replace("\"", "").replace("+", "");
  }
}

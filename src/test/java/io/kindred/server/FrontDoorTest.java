package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Reply;
import io.kindred.entry.Slot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One node's front door, from the other end of the socket. */
class FrontDoorTest {

  private static TestNode node;

  @BeforeAll
  static void open() throws Exception {
    node = new TestNode("node-1", "rack-1", 1).formAlone();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "PING => +PONG",
        "ping hi => \"hi\"",
        "PING a b => -ERR wrong number of arguments for 'ping' command",
        "ECHO hello => \"hello\"",
        "ECHO => -ERR wrong number of arguments for 'echo' command",
        "SELECT 0 => +OK",
        "SELECT 1 => -ERR DB index is out of range",
        "SELECT x => -ERR value is not an integer or out of range",
        "HELLO 4 => -NOPROTO unsupported protocol version",
        "HELLO x => -ERR Protocol version is not an integer or out of range",
        "HELLO 3 BAD => -ERR Syntax error in HELLO option 'BAD'",
        "CLIENT GETNAME => null",
        "CLIENT SETNAME me => +OK",
        "CLIENT NO-EVICT on => +OK",
        "CLIENT NO-TOUCH off => +OK",
        "CLIENT NO-EVICT maybe => -ERR syntax error",
        "CLIENT SETINFO lib-name jedis => +OK",
        "CLIENT SETINFO lib-other x => -ERR Unrecognized option 'lib-other'",
        "CLIENT WHAT => -ERR unknown subcommand 'WHAT'. Try CLIENT HELP.",
        "CLIENT ID x => -ERR wrong number of arguments for 'client|id' command",
        "READONLY => +OK",
        "READWRITE => +OK",
        "ASKING => -ERR unknown command 'ASKING', with args beginning with: ",
        "CLUSTER KEYSLOT foo => 12182",
        "CLUSTER KEYSLOT {foo}bar => 12182",
        "CLUSTER MYSHARDS => -ERR unknown subcommand 'MYSHARDS'. Try CLUSTER HELP.",
        "CLUSTER COUNTKEYSINSLOT 99999 => -ERR Invalid slot",
        "CONFIG GET databases => [\"databases\", \"1\"]",
        "CONFIG GET nothing* => []",
        "CONFIG GET app*y save => [\"appendonly\", \"yes\", \"save\", \"\"]",
        "COMMAND GETKEYS MSET a 1 b 2 => [\"a\", \"b\"]",
        "COMMAND GETKEYS GET k => [\"k\"]",
        "COMMAND GETKEYS PING => -ERR The command has no key arguments",
        "COMMAND INFO nosuch => [null]",
        "COMMAND INFO get => [[\"get\", 2, [+fast, +readonly], 1, 1, 1, [+@read, +@string, +@fast], [], [], []]]",
        "COMMAND LIST FILTERBY PATTERN ge* => [\"get\", \"getdel\", \"getrange\", \"getset\"]",
        "AUTH x => -ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
        "SCAN x => -ERR invalid cursor",
        "SCAN 18446744073709551615 => [\"0\", []]",
        "SCAN 000000000000000000000 => -ERR invalid cursor",
        "SCAN 0 COUNT 0 => -ERR syntax error",
        "SCAN 0 COUNT x => -ERR value is not an integer or out of range",
        "SCAN 0 MATCH => -ERR syntax error",
        "|keys 0 1 1 x x => -ERR unknown command '|keys', with args beginning with: '0' '1' '1' 'x' 'x' ",
        "RESET => +RESET"
      })
  void answersWhatConcernsTheNode(String command, String expected) throws Exception {
    try (Wire wire = new Wire(node.port())) {
      assertThat(Wire.text(wire.ask(command.split(" "))).stripTrailing()).isEqualTo(expected);
    }
  }

  @Test
  void helloChoosesTheProtocolForItsOwnReplyAndAllBehindIt() throws Exception {
    try (Wire wire = new Wire(node.port())) {
      assertThat(wire.ask("GET", "no")).isEqualTo(Reply.NULL);
      wire.send("HSET", "hello", "f", "v");
      wire.send("HGETALL", "hello");
      wire.send("HELLO", "3", "SETNAME", "me");
      wire.send("HGETALL", "hello");
      wire.send("CLIENT", "GETNAME");
      wire.send("RESET");
      wire.send("HGETALL", "hello");
      assertThat(wire.read()).isInstanceOf(Reply.Int.class);
      assertThat(wire.read()).isInstanceOf(Reply.Array.class);
      Reply greeting = wire.read();
      assertThat(greeting).isInstanceOf(Reply.Pairs.class);
      assertThat(Wire.text(greeting)).contains("\"proto\", 3", "\"server\", \"redis\"");
      assertThat(wire.read()).isInstanceOf(Reply.Pairs.class);
      assertThat(Wire.text(wire.read())).isEqualTo("\"me\"");
      assertThat(Wire.text(wire.read())).isEqualTo("+RESET");
      assertThat(wire.read()).isInstanceOf(Reply.Array.class);
    }
  }

  @Test
  void quitAnswersWhatCameBeforeAndCloses() throws Exception {
    try (Wire wire = new Wire(node.port())) {
      wire.send("SET", "quit", "1");
      wire.send("QUIT");
      wire.send("PING");
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      assertThat(wire.read()).isNull();
    }
  }

  @Test
  void aBrokenFrameIsAnsweredAndClosesThatConnectionOnly() throws Exception {
    try (Wire other = new Wire(node.port());
        Wire wire = new Wire(node.port())) {
      wire.send("PING");
      wire.sendRaw("*1\r\n$x\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(Wire.text(wire.read())).isEqualTo("+PONG");
      assertThat(Wire.text(wire.read())).isEqualTo("-ERR Protocol error: invalid bulk length");
      assertThat(wire.read()).isNull();
      assertThat(Wire.text(other.ask("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void whoHasClosedItsSendingSideStillGetsItsReplies() throws Exception {
    try (Wire wire = new Wire(node.port())) {
      wire.sendRaw(bytes("PING\r\nSET half 1\r\nGET half\r\n"));
      wire.sendNoMore();
      assertThat(Wire.text(wire.read())).isEqualTo("+PONG");
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      assertThat(Wire.text(wire.read())).isEqualTo("\"1\"");
      assertThat(wire.read()).isNull();
    }
  }

  @Test
  void aBrowserIsSentAwayBeforeItDoesHarm() throws Exception {
    for (String line : List.of("POST / HTTP/1.1", "host: 127.0.0.1")) {
      try (Wire wire = new Wire(node.port())) {
        wire.sendRaw(bytes(line + "\r\nSET harm 1\r\n"));
        assertThat(wire.read()).isNull();
      }
    }
    try (Wire wire = new Wire(node.port())) {
      assertThat(Wire.text(wire.ask("EXISTS", "harm"))).isEqualTo("0");
    }
  }

  @Test
  void aClientThatReadsLateGetsMoreThanTheSocketHolds() throws Exception {
    String large = "x".repeat(1 << 20);
    try (Wire wire = new Wire(node.port())) {
      assertThat(Wire.text(wire.ask("SET", "large", large))).isEqualTo("+OK");
      assertThat(Wire.text(wire.ask("HSET", "hash", "f", large))).isEqualTo("1");
      for (int i = 0; i < 100; i++) {
        wire.send("GET", "large");
        wire.send("HGETALL", "hash");
      }
      wire.send("PING");
      for (int i = 0; i < 100; i++) {
        assertThat(Wire.text(wire.read())).hasSize(large.length() + 2);
        assertThat(Wire.text(wire.read())).contains("\"f\"").hasSizeGreaterThan(large.length());
      }
      assertThat(Wire.text(wire.read())).isEqualTo("+PONG");
    }
  }

  @Test
  void aNodeThatClosesItsDoorAnswersWhatWasAsked() throws Exception {
    try (TestNode leaving = new TestNode("node-8", "rack-1", 8).formAlone();
        Wire idle = new Wire(leaving.port());
        Wire asking = new Wire(leaving.port())) {
      assertThat(Wire.text(idle.ask("PING"))).isEqualTo("+PONG");
      ForgetfulLog log = leaving.log(TestNode.SHARDS.shardOf(Slot.of(bytes("k"))));
      log.hold();
      asking.send("SET", "k", "1");
      Awaitility.await().until(() -> log.held() == 1);
      CompletionStage<Void> closed = leaving.door().close();
      assertThat(idle.read()).as("to whom nothing is owed").isNull();
      log.release();
      assertThat(Wire.text(asking.read())).isEqualTo("+OK");
      assertThat(asking.read()).isNull();
      closed.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void takesInlineCommands() throws Exception {
    try (Wire wire = new Wire(node.port())) {
      wire.sendRaw("SET inline \"a\\x41 b\"\r\nGET inline\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      assertThat(Wire.text(wire.read())).isEqualTo("\"aA b\"");
    }
  }

  @Test
  void repliesKeepTheirOrderWhateverOrderTheyComeIn() throws Exception {
    String slow = "slow";
    String quick = "quick";
    int slowShard = TestNode.SHARDS.shardOf(Slot.of(bytes(slow)));
    assertThat(slowShard).isNotEqualTo(TestNode.SHARDS.shardOf(Slot.of(bytes(quick))));
    node.log(slowShard).hold();
    try (Wire wire = new Wire(node.port());
        Wire other = new Wire(node.port())) {
      wire.send("SET", slow, "1");
      wire.send("SET", quick, "2");
      wire.send("PING");
      wire.send("MGET", quick, slow);
      Awaitility.await().until(() -> node.log(slowShard).held() > 0);
      Awaitility.await().until(() -> Wire.text(other.ask("GET", quick)).equals("\"2\""));
      node.log(slowShard).release();
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      assertThat(Wire.text(wire.read())).isEqualTo("+PONG");
      assertThat(Wire.text(wire.read())).isEqualTo("[\"2\", \"1\"]");
    } finally {
      node.log(slowShard).release();
    }
  }

  @Test
  void aLongPipelineOnManyShardsIsAnsweredInOrder() throws Exception {
    int count = 50_000;
    try (Wire wire = new Wire(node.port())) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  StringBuilder bytes = new StringBuilder();
                  for (int i = 0; i < count; i++) {
                    bytes.append("SET p").append(i % 1000).append(' ').append(i).append("\r\n");
                    bytes.append("GET p").append(i % 1000).append("\r\n");
                  }
                  wire.sendRaw(bytes(bytes.toString()));
                } catch (java.io.IOException gone) {
                  throw new java.io.UncheckedIOException(gone);
                }
              });
      writer.start();
      for (int i = 0; i < count; i++) {
        assertThat(Wire.text(wire.read())).isEqualTo("+OK");
        assertThat(Wire.text(wire.read())).isEqualTo("\"" + i + "\"");
      }
      writer.join();
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotReadFromEither() throws Exception {
    byte[] value = new byte[1 << 20];
    new Random(3).nextBytes(value);
    try (Wire wire = new Wire(node.port())) {
      wire.send(new byte[][] {bytes("SET"), bytes("big"), value});
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      long before = node.stats().bytesWritten();
      for (int i = 0; i < 300; i++) {
        wire.send("GET", "big");
      }
      for (int i = 0; i < 300; i++) {
        assertThat(((Reply.Bulk) wire.read()).bytes()).isEqualTo(value);
      }
      assertThat(node.stats().bytesWritten() - before).isGreaterThan(300L << 20);
    }
  }

  @Test
  void takesAndGivesSixtyFourMegabytes() throws Exception {
    byte[] value = new byte[64 << 20];
    new Random(4).nextBytes(value);
    try (Wire wire = new Wire(node.port())) {
      wire.send(new byte[][] {bytes("SET"), bytes("huge"), value});
      assertThat(Wire.text(wire.read())).isEqualTo("+OK");
      wire.send("GET", "huge");
      assertThat(Arrays.equals(((Reply.Bulk) wire.read()).bytes(), value)).isTrue();
      assertThat(Wire.text(wire.ask("DEL", "huge"))).isEqualTo("1");
    }
  }

  @Test
  void scanMeetsEveryKeyOnceAndDbsizeCountsThem() throws Exception {
    try (Wire wire = new Wire(node.port())) {
      long before = ((Reply.Int) wire.ask("DBSIZE")).value();
      Set<String> expected = new HashSet<>();
      for (int i = 0; i < 500; i++) {
        String type = i % 2 == 0 ? "SET" : "SADD";
        wire.ask(type, "scan:" + i, "1");
        if (i % 2 == 1) {
          expected.add("scan:" + i);
        }
      }
      assertThat(((Reply.Int) wire.ask("DBSIZE")).value()).isEqualTo(before + 500);
      Set<String> met = new HashSet<>();
      int calls = 0;
      String cursor = "0";
      do {
        Reply reply = wire.ask("SCAN", cursor, "MATCH", "scan:*", "TYPE", "set", "COUNT", "20");
        List<Reply> parts = Wire.items(reply);
        cursor = Wire.text(parts.get(0)).replace("\"", "");
        for (Reply key : Wire.items(parts.get(1))) {
          assertThat(met.add(Wire.text(key).replace("\"", ""))).isTrue();
        }
        calls++;
      } while (!cursor.equals("0"));
      assertThat(met).isEqualTo(expected);
      assertThat(calls).isBetween(10, 100);
    }
  }

  @Test
  void showsTheClusterAsClusterAwareClientsReadIt() throws Exception {
    String id = ClusterMap.idOf(node.id());
    try (Wire wire = new Wire(node.port())) {
      assertThat(Wire.text(wire.ask("CLUSTER", "SLOTS")))
          .isEqualTo("[[0, 16383, [\"127.0.0.1\", " + node.port() + ", \"" + id + "\", []]]]");
      assertThat(Wire.text(wire.ask("CLUSTER", "SHARDS")))
          .startsWith("[[\"slots\", [0, 16383], \"nodes\", [[\"id\", \"" + id + "\", \"port\", ");
      assertThat(Wire.text(wire.ask("CLUSTER", "NODES")))
          .startsWith("\"" + id + " 127.0.0.1:" + node.port() + "@")
          .contains("myself,master - 0 0 1 connected 0-16383");
      assertThat(Wire.text(wire.ask("CLUSTER", "INFO"))).contains("cluster_state:ok");
      assertThat(Wire.text(wire.ask("CLUSTER", "MYID"))).isEqualTo("\"" + id + "\"");
      wire.ask("SET", "{count}1", "x");
      String slot = Wire.text(wire.ask("CLUSTER", "KEYSLOT", "{count}1"));
      assertThat(Wire.text(wire.ask("CLUSTER", "COUNTKEYSINSLOT", slot))).isEqualTo("1");
      assertThat(Wire.text(wire.ask("KINDRED", "RING"))).contains("\"epoch\", 1", "node-1#1");
      assertThat(Wire.text(wire.ask("KINDRED", "NODES"))).contains("\"phase\", \"MASTER\"");
    }
  }

  @Test
  void infoHasRedissSectionsAndItsOwn() throws Exception {
    try (Wire wire = new Wire(node.port())) {
      String all = Wire.text(wire.ask("INFO"));
      assertThat(all)
          .contains("# Server\r\nredis_version:7.", "# Clients\r\nconnected_clients:")
          .contains(
              "# Memory\r\nused_memory:",
              "used_memory_rss:",
              "# Persistence\r\nloading:0",
              "role:master")
          .contains("# CPU\r\n", "cluster_enabled:1", "# Keyspace", "kindred_forwarded_commands:0")
          .contains("kindred_phase:MASTER", "kindred_tombstones:0");
      assertThat(Wire.text(wire.ask("INFO", "replication", "cpu")))
          .contains("# Replication", "# CPU")
          .doesNotContain("# Server");
      assertThat(Wire.text(wire.ask("CLIENT", "LIST"))).contains("cmd=client", "resp=2");
      assertThat(Wire.text(wire.ask("COMMAND", "COUNT")))
          .isEqualTo(Integer.toString(io.kindred.command.Commands.all().size()));
    }
  }

  @Test
  void refusesMoreThanMaxClients() throws Exception {
    ServerLimits limits = new ServerLimits(true, 1, 512 << 20, 1 << 30);
    try (TestNode small = new TestNode("node-9", "rack-1", 9, limits).loaded();
        Wire first = new Wire(small.port())) {
      assertThat(Wire.text(first.ask("PING"))).isEqualTo("+PONG");
      try (Wire second = new Wire(small.port())) {
        assertThat(Wire.text(second.read())).isEqualTo("-ERR max number of clients reached");
        assertThat(second.read()).isNull();
      }
      assertThat(Wire.text(first.ask("GET", "a"))).startsWith("-CLUSTERDOWN the cluster has not");
      assertThat(Wire.text(first.ask("CLUSTER", "SLOTS"))).isEqualTo("[]");
      assertThat(Wire.text(first.ask("DBSIZE"))).isEqualTo("0");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes, one a rack, that nothing feeds: what they differ in only a reader can find. */
class QuorumReadTest {

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
    for (TestNode node : new TestNode[] {one, two, three}) {
      node.serve(true);
      sees(node, one, two, three);
    }
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
    one.close();
    two.close();
    three.close();
  }

  private static String ask(TestNode node, String... words) throws Exception {
    try (Wire wire = new Wire(node.port())) {
      return Wire.text(wire.ask(words));
    }
  }

  private static String quorum(TestNode node, String... words) throws Exception {
    try (Wire wire = new Wire(node.port())) {
      assertThat(Wire.text(wire.ask("KINDRED", "CONSISTENCY", "READ", "dc_quorum")))
          .isEqualTo("+OK");
      return Wire.text(wire.ask(words));
    }
  }

  /** All three as they are, or with two of them only, so that it is known who is asked. */
  private void withoutThree() {
    sees(one, one, two);
  }

  @Test
  void theNewestOfAMajorityIsRead() throws Exception {
    withoutThree();
    ask(one, "SET", "k", "old");
    ask(two, "SET", "k", "new");
    assertThat(ask(one, "GET", "k")).isEqualTo("\"old\"");
    assertThat(quorum(one, "GET", "k")).isEqualTo("\"new\"");
    assertThat(ask(one, "GET", "k")).as("and was brought here").isEqualTo("\"new\"");
  }

  @Test
  void whoIsBehindIsMendedBehindTheAnswer() throws Exception {
    withoutThree();
    ask(two, "SET", "k", "old");
    ask(one, "SET", "k", "new");
    assertThat(quorum(one, "GET", "k")).isEqualTo("\"new\"");
    await().untilAsserted(() -> assertThat(ask(two, "GET", "k")).isEqualTo("\"new\""));
  }

  @Test
  void whatOnlyAnotherRackHasIsFound() throws Exception {
    withoutThree();
    ask(two, "HSET", "h", "f", "1");
    ask(one, "HSET", "h", "g", "2");
    assertThat(quorum(one, "HGETALL", "h")).contains("\"f\"", "\"g\"");
    ask(two, "DEL", "gone");
    ask(two, "SET", "gone", "1");
    ask(one, "SET", "gone", "2");
    ask(two, "DEL", "gone");
    assertThat(quorum(one, "EXISTS", "gone")).isEqualTo("0");
  }

  @Test
  void manyKeysAreReadEachForItself() throws Exception {
    withoutThree();
    ask(two, "MSET", "a", "1", "b", "2");
    ask(one, "SET", "c", "3");
    assertThat(quorum(one, "MGET", "a", "b", "c", "d")).isEqualTo("[\"1\", \"2\", \"3\", null]");
  }

  @Test
  void aLargeCollectionComesInPages() throws Exception {
    withoutThree();
    String[] words = new String[5002];
    words[0] = "SADD";
    words[1] = "s";
    for (int i = 2; i < words.length; i++) {
      words[i] = "member-" + i;
    }
    ask(two, words);
    ask(one, "SADD", "s", "mine");
    assertThat(quorum(one, "SCARD", "s")).isEqualTo("5001");
    await().untilAsserted(() -> assertThat(ask(two, "SCARD", "s")).isEqualTo("5001"));
  }

  @Test
  void anotherTakesThePlaceOfWhoDoesNotServe() throws Exception {
    ask(three, "SET", "k", "v");
    two.serve(false);
    for (int i = 0; i < 8; i++) {
      assertThat(quorum(one, "GET", "k")).isEqualTo("\"v\"");
    }
    one.serve(false);
    assertThat(quorum(one, "GET", "k")).startsWith("-NOQUORUM it takes 2 of 3 racks, and node-");
  }

  @Test
  void withoutAMajorityTheReaderIsToldAtOnce() throws Exception {
    sees(one, one);
    assertThat(quorum(one, "GET", "k"))
        .startsWith("-NOQUORUM 1 of 3 racks serve shard")
        .endsWith("and it takes 2");
    assertThat(ask(one, "GET", "k")).isEqualTo("null");
  }

  @Test
  void oneCommandMayHaveALevelOfItsOwn() throws Exception {
    withoutThree();
    ask(two, "SET", "k", "v");
    assertThat(ask(one, "KINDRED", "AT", "dc_quorum", "GET", "k")).isEqualTo("\"v\"");
    assertThat(ask(one, "KINDRED", "AT", "dc_most", "GET", "k"))
        .startsWith("-ERR unknown level 'dc_most'");
    assertThat(ask(one, "KINDRED", "AT", "dc_one", "PING")).startsWith("-ERR KINDRED AT is for");
    assertThat(ask(one, "KINDRED", "AT", "dc_one", "GET")).startsWith("-ERR wrong number");
    assertThat(ask(one, "KINDRED", "AT", "dc_one")).startsWith("-ERR wrong number");
  }

  @Test
  void aConnectionsLevelsAreToldAndReset() throws Exception {
    try (Wire wire = new Wire(one.port())) {
      assertThat(Wire.text(wire.ask("KINDRED", "CONSISTENCY")))
          .isEqualTo("[\"read\", \"dc_one\", \"write\", \"dc_one\"]");
      assertThat(
              Wire.text(
                  wire.ask(
                      "KINDRED", "CONSISTENCY", "WRITE", "DC_QUORUM", "READ", "dc_safe_quorum")))
          .isEqualTo("+OK");
      assertThat(Wire.text(wire.ask("KINDRED", "CONSISTENCY")))
          .isEqualTo("[\"read\", \"dc_safe_quorum\", \"write\", \"dc_quorum\"]");
      assertThat(Wire.text(wire.ask("RESET"))).isEqualTo("+RESET");
      assertThat(Wire.text(wire.ask("KINDRED", "CONSISTENCY")))
          .isEqualTo("[\"read\", \"dc_one\", \"write\", \"dc_one\"]");
      assertThat(Wire.text(wire.ask("KINDRED", "CONSISTENCY", "READ")))
          .isEqualTo("-ERR syntax error");
      assertThat(Wire.text(wire.ask("KINDRED", "CONSISTENCY", "BOTH", "dc_one")))
          .isEqualTo("-ERR syntax error");
    }
  }
}

package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import io.kindred.settings.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who must answer before a node may found a cluster. */
class SystemConfigTest {

  private static final String BOOTSTRAP =
      "pekko.management.cluster.bootstrap.contact-point-discovery.";

  @Test
  void withoutARingAllPlannedNodesMustAnswer() {
    Config config = SystemConfig.bootstrap(settings("config", 1, 2, 3), Optional.empty());
    assertThat(required(config)).isEqualTo(3);
    assertThat(config.getBoolean(BOOTSTRAP + "contact-with-all-contact-points")).isTrue();
    assertThat(points(config)).containsExactly(1, 2, 3);
  }

  @Test
  void aMajorityOfTheVotersMustAnswerAndTheLostAreNotAsked() {
    Ring ring = ring(6, List.of(4, 5, 6), List.of(9));
    Config config =
        SystemConfig.bootstrap(settings("config", 1, 2, 3, 4, 5, 6, 9), Optional.of(ring));
    assertThat(points(config)).containsExactly(1, 2, 3);
    assertThat(required(config)).isEqualTo(2);
    assertThat(config.getBoolean(BOOTSTRAP + "contact-with-all-contact-points")).isFalse();
  }

  @Test
  void whoIsNoVoterCanNeverStandInForOne() {
    Ring ring = ring(3, List.of(), List.of());
    Config config = SystemConfig.bootstrap(settings("config", 3, 7, 8), Optional.of(ring));
    assertThat(points(config)).containsExactlyInAnyOrder(1, 2, 3, 7, 8);
    assertThat(required(config))
        .as("a majority of three, and two that may be anybody")
        .isEqualTo(4);
  }

  @Test
  void whereOthersSayWhoIsThereTheLostMayBeAmongThem() {
    Ring ring = ring(6, List.of(4, 5, 6), List.of());
    Config config = SystemConfig.bootstrap(settings("kubernetes-api"), Optional.of(ring));
    assertThat(required(config)).isEqualTo(4);
    assertThat(config.hasPath("pekko.discovery")).isFalse();
  }

  private static int required(Config config) {
    return config.getInt(BOOTSTRAP + "required-contact-point-nr");
  }

  /** The nodes' numbers. */
  private static List<Integer> points(Config config) {
    return config.getConfigList("pekko.discovery.config.services.kindred.endpoints").stream()
        .map(endpoint -> endpoint.getInt("port") - 8000)
        .toList();
  }

  private static Settings settings(String method, Integer... points) {
    List<String> contacts = List.of(points).stream().map(n -> "127.0.0.1:" + (8000 + n)).toList();
    return Settings.from(
        ConfigFactory.parseString(
                "kindred.bootstrap { method = \""
                    + method
                    + "\", contact-points = [\""
                    + String.join("\", \"", contacts)
                    + "\"] }, kindred.ring { racks = [r1, r2, r3], nodes-per-rack = 1 }")
            .withFallback(ConfigFactory.parseResources("application.conf"))
            .withFallback(ConfigFactory.defaultReferenceUnresolved())
            .resolve());
  }

  /** So many racks with one owner each. */
  private static Ring ring(int racks, List<Integer> lost, List<Integer> former) {
    List<Member> members = new ArrayList<>();
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    for (int n : IntStream.rangeClosed(1, racks).toArray()) {
      members.add(member(n));
      seats.put("r" + n, Collections.nCopies(4, Seat.of(member(n).id())));
    }
    SortedSet<NodeId> gone = new TreeSet<>(lost.stream().map(n -> member(n).id()).toList());
    List<Member> left = former.stream().map(SystemConfigTest::member).toList();
    return new Ring(7, 5, "dc", new Shards(4), members, gone, left, seats);
  }

  private static Member member(int n) {
    return new Member(new NodeId("n" + n, n), "r" + n, "127.0.0.1", 1, 8000 + n, 3);
  }
}

package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A node is lost for good and an empty one takes its place, while clients write at the other racks.
 * Each node in turn, whichever hosts the singleton at the time.
 */
class ReplaceIT {

  private static final Duration REPLACED_WITHIN = Duration.ofMinutes(2);
  private static final List<String> PHASES =
      List.of("STANDBY", "STREAMING", "VERIFYING", "PROMOTING", "MASTER");

  private static DemoCluster cluster;

  @BeforeAll
  static void start() {
    cluster = DemoCluster.Plan.racks(3).with("kindred.ring.declare-lost-after", "4 s").start();
    try (Jedis jedis = jedis(cluster.node(1))) {
      Cities cities = Cities.read();
      var pipeline = jedis.pipelined();
      for (Cities.City city : cities.all()) {
        pipeline.hset(city.key(), city.fields());
        pipeline.sadd("cities:in:" + city.country(), city.id());
      }
      pipeline.sync();
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1, 3})
  void anEmptyNodeTakesALostOnesPlaceAndNoOtherRackNotices(int number) {
    DemoCluster.Node lost = cluster.node(number);
    List<DemoCluster.Node> others = new ArrayList<>(cluster.nodes());
    others.remove(lost);
    List<Writer> writers = new ArrayList<>();
    for (DemoCluster.Node other : others) {
      writers.add(Writer.start("replace-" + number + "-" + other.name(), other.clientPort()));
    }
    lost.kill();
    lost.replace();
    awaitMaster(lost, others.get(0));
    cluster.awaitReady(List.of(lost));
    writers.forEach(Writer::close);

    assertThat(phases(lost, others.get(0))).containsExactlyElementsOf(PHASES);
    for (Writer writer : writers) {
      assertThat(writer.failures()).isEmpty();
      assertThat(writer.acknowledged()).isGreaterThan(100);
    }
    awaitEqual(writers);
  }

  private static void awaitMaster(DemoCluster.Node replaced, DemoCluster.Node asked) {
    await()
        .atMost(REPLACED_WITHIN)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(phases(replaced, asked)).endsWith("MASTER"));
  }

  /** The phases that an operator sees in the list of warm-ups, from the first to the last. */
  private static List<String> phases(DemoCluster.Node replaced, DemoCluster.Node asked) {
    List<String> phases = new ArrayList<>();
    for (JsonNode row : asked.management().get("/kindred/v1/warmups").path("warmUps")) {
      if (row.path("node").path("name").asText().equals(replaced.name())) {
        for (JsonNode move : row.path("moves")) {
          if (phases.isEmpty()) {
            phases.add(move.path("from").asText());
          }
          // A move within a phase (a spare is given a seat, say) is none that an operator watches
          // for.
          String to = move.path("to").asText();
          if (!to.equals(phases.get(phases.size() - 1))) {
            phases.add(to);
          }
        }
      }
    }
    return phases;
  }

  /** Reads every key at every node, until all show the same; each from its own copy. */
  private static void awaitEqual(List<Writer> writers) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              Map<String, Object> first = everything(cluster.node(1));
              assertThat(unlike(first, everything(cluster.node(2)))).as("node 2").isEmpty();
              assertThat(unlike(first, everything(cluster.node(3)))).as("node 3").isEmpty();
            });
    try (Jedis jedis = jedis(cluster.node(1))) {
      writers.forEach(writer -> assertThat(writer.missing(jedis, writer.acknowledged())).isEmpty());
    }
  }

  /** The first keys whose values differ, with what only one side has; a whole key tells nobody. */
  private static List<String> unlike(Map<String, Object> first, Map<String, Object> other) {
    return Stream.concat(first.keySet().stream(), other.keySet().stream())
        .distinct()
        .filter(key -> !Objects.equals(first.get(key), other.get(key)))
        .limit(20)
        .map(
            key ->
                key
                    + " on node 1 only: "
                    + without(first.get(key), other.get(key))
                    + ", there only: "
                    + without(other.get(key), first.get(key)))
        .toList();
  }

  private static Object without(Object value, Object other) {
    if (value instanceof Map<?, ?> map && other instanceof Map<?, ?> otherMap) {
      return without(map.entrySet(), otherMap.entrySet());
    }
    if (value instanceof Collection<?> all && other instanceof Collection<?> others) {
      return all.stream().filter(each -> !others.contains(each)).limit(20).toList();
    }
    return value;
  }

  private static Map<String, Object> everything(DemoCluster.Node node) {
    Map<String, Object> all = new TreeMap<>();
    try (Jedis jedis = jedis(node)) {
      long forwarded = Info.forwarded(jedis);
      String cursor = ScanParams.SCAN_POINTER_START;
      do {
        ScanResult<String> page = jedis.scan(cursor, new ScanParams().count(2000));
        readInto(all, jedis, page.getResult());
        cursor = page.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
      assertThat(Info.forwarded(jedis))
          .as("reads passed on by " + node.name())
          .isEqualTo(forwarded);
    }
    return all;
  }

  /** Two round trips a page: a whole full read has to fit many times into the wait. */
  private static void readInto(Map<String, Object> all, Jedis jedis, List<String> keys) {
    Pipeline types = jedis.pipelined();
    List<Response<String>> typeOf = keys.stream().map(types::type).toList();
    types.sync();
    Pipeline values = jedis.pipelined();
    Map<String, Response<?>> valueOf = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      valueOf.put(keys.get(i), value(values, typeOf.get(i).get(), keys.get(i)));
    }
    values.sync();
    valueOf.forEach((key, value) -> all.put(key, value.get()));
  }

  private static Response<?> value(Pipeline pipeline, String type, String key) {
    return switch (type) {
      case "string" -> pipeline.get(key);
      case "hash" -> pipeline.hgetAll(key);
      case "set" -> pipeline.smembers(key);
      case "zset" -> pipeline.zrangeWithScores(key, 0, -1);
      case "list" -> pipeline.lrange(key, 0, -1);
      default -> throw new AssertionError("a type unheard of: " + type + " of " + key);
    };
  }

  private static Jedis jedis(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort(), 20_000);
  }
}

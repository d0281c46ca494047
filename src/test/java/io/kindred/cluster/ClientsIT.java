package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Redis clients, as they are published, against a cluster of three racks. */
@ExtendWith(SharedCluster.class)
@Order(SharedCluster.LAST)
class ClientsIT {

  private static final Duration SPREAD = Duration.ofSeconds(20);

  private static DemoCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SharedCluster.threeRacks();
  }

  @Test
  void jedisWritesAtOneRackAndReadsAtTheOthers() {
    try (Jedis one = jedis(1)) {
      assertThat(one.ping()).isEqualTo("PONG");
      assertThat(one.set("jedis:string", "värde")).isEqualTo("OK");
      assertThat(one.hset("jedis:hash", Map.of("a", "1", "b", "2"))).isEqualTo(2);
      assertThat(one.sadd("jedis:set", "x", "y")).isEqualTo(2);
      assertThat(one.incrBy("jedis:count", 41)).isEqualTo(41);
      assertThat(one.expire("jedis:string", 100)).isEqualTo(1);
    }
    for (int number : List.of(1, 2, 3)) {
      try (Jedis there = jedis(number)) {
        await().atMost(SPREAD).until(() -> "41".equals(there.get("jedis:count")));
        await().atMost(SPREAD).until(() -> there.ttl("jedis:string") > 0);
        assertThat(there.get("jedis:string")).isEqualTo("värde");
        assertThat(there.hgetAll("jedis:hash")).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(there.smembers("jedis:set")).isEqualTo(Set.of("x", "y"));
      }
    }
  }

  @Test
  void incrementsAtAllRacksAddUp() {
    for (int number : List.of(1, 2, 3)) {
      try (Jedis there = jedis(number)) {
        Pipeline pipeline = there.pipelined();
        for (int i = 0; i < 100; i++) {
          pipeline.incr("adds-up");
        }
        pipeline.sync();
      }
    }
    for (int number : List.of(1, 2, 3)) {
      try (Jedis there = jedis(number)) {
        await().atMost(SPREAD).until(() -> "300".equals(there.get("adds-up")));
      }
    }
  }

  // The class has a younger sibling of another name; this is the one that people have.
  @SuppressWarnings("deprecation")
  @Test
  void jedisClusterRoutesByItself() {
    try (JedisCluster jedis = new JedisCluster(address(2))) {
      for (int i = 0; i < 200; i++) {
        jedis.set("jedis-cluster:" + i, "v" + i);
      }
      for (int i = 0; i < 200; i++) {
        assertThat(jedis.get("jedis-cluster:" + i)).isEqualTo("v" + i);
      }
      assertThat(jedis.incr("jedis-cluster:count")).isEqualTo(1);
    }
  }

  @Test
  void lettuceSpeaksResp3() {
    RedisURI uri = RedisURI.create("127.0.0.1", cluster.node(3).clientPort());
    try (RedisClient client = RedisClient.create(uri);
        StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> redis = connection.sync();
      assertThat(client.getOptions().getConfiguredProtocolVersion())
          .isIn(null, ProtocolVersion.RESP3);
      assertThat(redis.set("lettuce:string", "v")).isEqualTo("OK");
      assertThat(redis.get("lettuce:string")).isEqualTo("v");
      assertThat(redis.hset("lettuce:hash", Map.of("f", "1", "g", "2"))).isEqualTo(2);
      assertThat(redis.hgetall("lettuce:hash")).isEqualTo(Map.of("f", "1", "g", "2"));
      assertThat(redis.sadd("lettuce:set", "a", "b")).isEqualTo(2);
      assertThat(redis.smembers("lettuce:set")).isEqualTo(Set.of("a", "b"));
      assertThat(redis.get("lettuce:none")).isNull();
    }
  }

  @Test
  void lettuceClusterRoutesByItself() {
    RedisURI uri = RedisURI.create("127.0.0.1", cluster.node(1).clientPort());
    try (RedisClusterClient client = RedisClusterClient.create(uri);
        StatefulRedisClusterConnection<String, String> connection = client.connect()) {
      for (int i = 0; i < 200; i++) {
        connection.sync().set("lettuce-cluster:" + i, "v" + i);
      }
      for (int i = 0; i < 200; i++) {
        assertThat(connection.sync().get("lettuce-cluster:" + i)).isEqualTo("v" + i);
      }
      assertThat(connection.sync().mget("lettuce-cluster:1", "lettuce-cluster:2"))
          .extracting(value -> value.getValue())
          .containsExactly("v1", "v2");
    }
  }

  @Test
  void redisCliLoadsRealRecordsAndEveryRackHasThemAll() throws Exception {
    assumeTrue(isInstalled("redis-cli"), "redis-cli is not installed");
    Cities cities = Cities.read();
    String port = String.valueOf(cluster.node(1).clientPort());
    Process load = new ProcessBuilder(Cities.FOLDER.resolve("load.sh").toString()).start();
    Process cli =
        new ProcessBuilder("redis-cli", "-p", port, "--pipe").redirectErrorStream(true).start();
    try (var commands = load.getInputStream();
        var stdin = cli.getOutputStream()) {
      commands.transferTo(stdin);
    }
    String said = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(cli.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("errors: 0, replies: " + 5 * cities.all().size());
    checkEverywhere(cities, "");
  }

  @Test
  void jedisLoadsRealRecordsAndEveryRackHasThemAll() {
    Cities cities = Cities.read();
    try (Jedis jedis = jedis(2)) {
      Pipeline pipeline = jedis.pipelined();
      int sent = 0;
      for (Cities.City city : cities.all()) {
        pipeline.hset("j:" + city.key(), city.fields());
        pipeline.sadd("j:cities:in:" + city.country(), city.id());
        pipeline.sadd("j:cities:kind:" + city.kind(), city.id());
        pipeline.incr("j:count:in:" + city.country());
        pipeline.incrBy("j:population:in:" + city.country(), city.population());
        if (++sent % 500 == 0) {
          pipeline.sync();
        }
      }
      pipeline.sync();
    }
    checkEverywhere(cities, "j:");
  }

  /** Reads every key at every rack, and that each node answered from its own copy. */
  private static void checkEverywhere(Cities cities, String prefix) {
    Map<String, Set<String>> wantedSets = cities.sets();
    Map<String, Long> wantedCounters = cities.counters();
    for (int number : List.of(1, 2, 3)) {
      try (Jedis there = jedis(number)) {
        // What was written last is counted last.
        Cities.City last = cities.all().get(cities.all().size() - 1);
        String lastCounter = prefix + "population:in:" + last.country();
        long lastValue = wantedCounters.get("population:in:" + last.country());
        await()
            .atMost(SPREAD)
            .untilAsserted(
                () -> assertThat(there.get(lastCounter)).isEqualTo(String.valueOf(lastValue)));
        long forwardedBefore = Info.forwarded(there);
        Pipeline reads = there.pipelined();
        Map<Cities.City, Response<Map<String, String>>> hashes = new LinkedHashMap<>();
        cities.all().forEach(city -> hashes.put(city, reads.hgetAll(prefix + city.key())));
        Map<String, Response<Set<String>>> sets = new LinkedHashMap<>();
        wantedSets.keySet().forEach(key -> sets.put(key, reads.smembers(prefix + key)));
        Map<String, Response<String>> counters = new LinkedHashMap<>();
        wantedCounters.keySet().forEach(key -> counters.put(key, reads.get(prefix + key)));
        reads.sync();
        hashes.forEach((city, hash) -> assertThat(hash.get()).isEqualTo(city.fields()));
        sets.forEach((key, members) -> assertThat(members.get()).isEqualTo(wantedSets.get(key)));
        counters.forEach(
            (key, value) ->
                assertThat(value.get()).isEqualTo(String.valueOf(wantedCounters.get(key))));
        assertThat(Info.forwarded(there))
            .as("reads passed on to others")
            .isEqualTo(forwardedBefore);
      }
    }
  }

  private static boolean isInstalled(String program) {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Jedis jedis(int number) {
    return new Jedis(address(number));
  }

  private static HostAndPort address(int number) {
    return new HostAndPort("127.0.0.1", cluster.node(number).clientPort());
  }
}

package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Redis's own tools and the clients people use, unchanged. */
class ClientsOfOthersTest {

  private static TestNode node;

  @BeforeAll
  static void open() throws Exception {
    node = new TestNode("node-1", "rack-1", 1).formAlone();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Test
  void jedis() {
    try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
      assertThat(jedis.set("j", "v")).isEqualTo("OK");
      assertThat(jedis.get("j")).isEqualTo("v");
      assertThat(jedis.hset("jh", Map.of("a", "1", "b", "2"))).isEqualTo(2);
      assertThat(jedis.hgetAll("jh")).isEqualTo(Map.of("a", "1", "b", "2"));
      assertThat(jedis.sadd("js", "m", "n")).isEqualTo(2);
      assertThat(jedis.smembers("js")).isEqualTo(Set.of("m", "n"));
      assertThat(jedis.mget("j", "none")).isEqualTo(Arrays.asList("v", null));
      assertThat(jedis.expire("j", 100)).isEqualTo(1);
      assertThat(jedis.ttl("j")).isBetween(99L, 100L);
      assertThat(jedis.scan("0").getCursor()).isNotNull();
      Pipeline pipeline = jedis.pipelined();
      for (int i = 0; i < 1000; i++) {
        pipeline.incr("jn");
      }
      assertThat(pipeline.syncAndReturnAll()).hasSize(1000).endsWith(1000L);
    }
  }

  @Test
  @SuppressWarnings("deprecation") // the class that most programs still use must work
  void jedisCluster() {
    try (redis.clients.jedis.JedisCluster cluster =
        new redis.clients.jedis.JedisCluster(new HostAndPort("127.0.0.1", node.port()))) {
      for (int i = 0; i < 50; i++) {
        cluster.set("jc" + i, "v" + i);
        assertThat(cluster.get("jc" + i)).isEqualTo("v" + i);
      }
    }
  }

  @Test
  void lettuceWithResp3() {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", node.port()));
    client.setOptions(
        io.lettuce.core.ClientOptions.builder().protocolVersion(ProtocolVersion.RESP3).build());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      assertThat(connection.sync().set("l", "v")).isEqualTo("OK");
      assertThat(connection.sync().hset("lh", Map.of("a", "1", "b", "2"))).isEqualTo(2);
      assertThat(connection.sync().hgetall("lh")).isEqualTo(Map.of("a", "1", "b", "2"));
      connection.sync().sadd("ls", "m");
      assertThat(connection.sync().smembers("ls")).containsExactly("m");
      assertThat(connection.sync().get("none")).isNull();
      assertThat(connection.sync().info()).contains("redis_version");
      assertThat(connection.sync().commandCount()).isPositive();
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void lettuceAsAClusterClient() {
    RedisClusterClient client =
        RedisClusterClient.create(RedisURI.create("127.0.0.1", node.port()));
    try (StatefulRedisClusterConnection<String, String> connection = client.connect()) {
      for (int i = 0; i < 50; i++) {
        connection.sync().set("lc" + i, "v" + i);
        assertThat(connection.sync().get("lc" + i)).isEqualTo("v" + i);
      }
      assertThat(connection.sync().mget("lc1", "lc2")).hasSize(2);
      assertThat(connection.sync().dbsize()).isGreaterThanOrEqualTo(50);
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void redisCli() throws Exception {
    String port = Integer.toString(node.port());
    assertThat(run("redis-cli", "-p", port, "set", "cli", "v")).isEqualTo("OK\n");
    assertThat(run("redis-cli", "-p", port, "get", "cli")).isEqualTo("v\n");
    assertThat(run("redis-cli", "-3", "-p", port, "hset", "clih", "f", "v")).isEqualTo("1\n");
    assertThat(run("redis-cli", "-3", "-p", port, "hgetall", "clih")).isEqualTo("f v\n");
    assertThat(run("redis-cli", "-c", "-p", port, "mget", "cli", "none")).isEqualTo("v\n\n");
    assertThat(run("redis-cli", "-p", port, "--scan", "--pattern", "cli*").lines())
        .contains("cli", "clih");
    assertThat(run("redis-cli", "-p", port, "command", "docs", "get")).contains("summary");
  }

  @Test
  void redisBenchmark() throws Exception {
    String out =
        run(
            "redis-benchmark",
            "-p",
            Integer.toString(node.port()),
            "-t",
            "set,get,incr,hset,sadd",
            "-n",
            "20000",
            "-r",
            "10000",
            "-P",
            "16",
            "-q");
    assertThat(out).contains("SET:", "GET:", "INCR:", "HSET:", "SADD:").doesNotContain("rror");
  }

  private static String run(String... command) throws Exception {
    boolean isThere =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(path -> new File(path, command[0]).canExecute());
    if (!isThere) {
      System.err.println("SKIPPED: no " + command[0] + " here to try");
    }
    assumeTrue(isThere, "no " + command[0]);
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }
}

package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisCluster;

/** Racks whose nodes split the data: any client may talk to any of them. */
class TwoNodesPerRackIT {

  private static final int KEYS = 500;

  // The class has a younger sibling of another name; this is the one that people have.
  @SuppressWarnings("deprecation")
  @Test
  void nodesOfARackSplitTheShardsAndForwardToEachOther() {
    try (DemoCluster cluster = DemoCluster.Plan.racks(2).nodesPerRack(2).start()) {
      try (Jedis one = jedis(cluster, 1)) {
        for (int i = 0; i < KEYS; i++) {
          assertThat(one.set("split:" + i, "v" + i)).isEqualTo("OK");
        }
        assertThat(one.mget("split:1", "split:2", "split:3")).containsExactly("v1", "v2", "v3");
        assertThat(one.dbSize()).isEqualTo(KEYS);
        assertThat(Info.forwarded(one)).isBetween(KEYS / 4L, KEYS * 3L / 4 + 10);
      }
      for (int number = 2; number <= 4; number++) {
        try (Jedis there = jedis(cluster, number)) {
          await()
              .atMost(Duration.ofSeconds(20))
              .untilAsserted(
                  () -> {
                    for (int i = 0; i < KEYS; i++) {
                      assertThat(there.get("split:" + i)).isEqualTo("v" + i);
                    }
                  });
          assertThat(scan(there)).hasSize(KEYS);
        }
      }
      HostAndPort anywhere = new HostAndPort("127.0.0.1", cluster.node(3).clientPort());
      try (JedisCluster routed = new JedisCluster(anywhere)) {
        assertThat(routed.getClusterNodes()).hasSizeGreaterThanOrEqualTo(2);
        for (int i = 0; i < KEYS; i++) {
          assertThat(routed.get("split:" + i)).isEqualTo("v" + i);
        }
      }
    }
  }

  private static Set<String> scan(Jedis jedis) {
    Set<String> keys = new HashSet<>();
    String cursor = "0";
    do {
      var page = jedis.scan(cursor);
      keys.addAll(page.getResult());
      cursor = page.getCursor();
    } while (!cursor.equals("0"));
    return keys;
  }

  private static Jedis jedis(DemoCluster cluster, int number) {
    return new Jedis("127.0.0.1", cluster.node(number).clientPort(), 20_000);
  }
}

package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

/** A value far larger than what fits into one message between nodes. */
@ExtendWith(SharedCluster.class)
@Order(SharedCluster.LAST)
class LargeValueIT {

  private static final int BYTES = 64 << 20;

  @Test
  void aValueOf64MegabytesSetAtOneRackIsReadAtAnother() {
    byte[] key = "large".getBytes(StandardCharsets.US_ASCII);
    byte[] value = new byte[BYTES];
    new Random(64).nextBytes(value);
    DemoCluster cluster = SharedCluster.threeRacks();
    try (Jedis one = new Jedis("127.0.0.1", cluster.node(1).clientPort(), 60_000);
        Jedis three = new Jedis("127.0.0.1", cluster.node(3).clientPort(), 60_000)) {
      assertThat(one.set(key, value)).isEqualTo("OK");
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> three.strlen(key) == BYTES);
      long forwarded = Info.forwarded(three);
      assertThat(three.get(key)).isEqualTo(value);
      assertThat(Info.forwarded(three)).isEqualTo(forwarded);
      assertThat(one.del(key)).isEqualTo(1);
    }
  }
}

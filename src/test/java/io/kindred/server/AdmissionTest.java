package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  @Test
  void noMoreClientsThanTheLimit() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Admission two = new Admission(new ServerLimits(false, 2, 1, 1));
    assertThat(two.admits(channel, 1)).isTrue();
    assertThat(two.admits(channel, 2)).isFalse();
    assertThat(channel.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
        .isEqualTo("-ERR max number of clients reached\r\n");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void noStrangersInProtectedMode() {
    EmbeddedChannel stranger = new EmbeddedChannel();
    assertThat(new Admission(ServerLimits.DEFAULT).admits(stranger, 0)).isFalse();
    assertThat(stranger.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
        .startsWith("-DENIED");
  }
}

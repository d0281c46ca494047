package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What clients hear while a node reads its disk. */
class LoadingDoorTest {

  private static final String LOADING = "-LOADING Kindred is loading the dataset in memory\r\n";

  @Test
  void everyRequestIsAnsweredUntilThePortIsGivenFree() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    LoadingDoor door = new LoadingDoor(loops, "127.0.0.1", port, ServerLimits.DEFAULT);
    door.open();
    try (Socket client = connected(port)) {
      client
          .getOutputStream()
          .write("*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = client.getInputStream();
      assertThat(new String(in.readNBytes(2 * LOADING.length()), StandardCharsets.US_ASCII))
          .isEqualTo(LOADING + LOADING);
      door.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(in.read()).isEqualTo(-1);
    }
    try (ServerSocket taken = new ServerSocket()) {
      taken.setReuseAddress(true);
      taken.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      assertThat(taken.isBound()).isTrue();
    }
    new LoadingDoor(loops, "127.0.0.1", port, ServerLimits.DEFAULT)
        .close()
        .toCompletableFuture()
        .get();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void nothingIsReadFromAClientThatDoesNotTakeItsAnswers() {
    EmbeddedChannel channel = new EmbeddedChannel(new NotTaken(), new LoadingDoor.Answer());
    int requests = 0;
    while (channel.config().isAutoRead() && requests < 10_000) {
      channel.pipeline().fireChannelRead(new byte[][] {{'a'}});
      requests++;
    }
    assertThat(requests).isLessThan(10_000);
    channel.pipeline().remove(NotTaken.class);
    channel.flush();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(channel.outboundMessages()).hasSize(requests);
    channel.finishAndReleaseAll();
  }

  /** The socket takes nothing. */
  private static final class NotTaken extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext ctx) {}
  }

  @Test
  void noMoreClientsAreLetInThanWhenItServes() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Admission two = new Admission(new ServerLimits(false, 2, 1, 1));
    assertThat(two.admits(channel, 1)).isTrue();
    assertThat(two.admits(channel, 2)).isFalse();
    assertThat(channel.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
        .isEqualTo("-ERR max number of clients reached\r\n");
    assertThat(channel.isOpen()).isFalse();
    EmbeddedChannel stranger = new EmbeddedChannel();
    assertThat(new Admission(ServerLimits.DEFAULT).admits(stranger, 0)).isFalse();
    assertThat(stranger.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
        .startsWith("-DENIED");
  }

  /** Connecting is tried until the door is there. */
  private static Socket connected(int port) {
    return org.awaitility.Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), Socket::isConnected);
  }
}

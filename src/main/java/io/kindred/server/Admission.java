package io.kindred.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Who may come in at the clients' port, whether the node is loading or serves. */
final class Admission {

  private static final String PROTECTED =
      "-DENIED This node is in protected mode: no password can be set yet, so it takes clients from"
          + " its own machine only. To let others in, set kindred.client.protected-mode = false,"
          + " where the network keeps strangers away from the port.\r\n";

  private static final String TOO_MANY = "-ERR max number of clients reached\r\n";

  private final ServerLimits limits;

  Admission(ServerLimits limits) {
    this.limits = limits;
  }

  /**
   * Whether a client may come in; where it may not it is told why and let go of.
   *
   * @param clients how many are in already
   */
  boolean admits(Channel channel, int clients) {
    if (limits.protectedMode() && !isLocal(channel)) {
      refuse(channel, PROTECTED);
      return false;
    }
    if (clients >= limits.maxClients()) {
      refuse(channel, TOO_MANY);
      return false;
    }
    return true;
  }

  private static boolean isLocal(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        && address.getAddress().isLoopbackAddress();
  }

  private static void refuse(Channel channel, String why) {
    channel
        .writeAndFlush(Unpooled.copiedBuffer(why, StandardCharsets.US_ASCII))
        .addListener(ChannelFutureListener.CLOSE);
  }
}

package io.kindred.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts what clients send. */
final class BytesRead extends ChannelInboundHandlerAdapter {

  private final ServerStats stats;

  BytesRead(ServerStats stats) {
    this.stats = stats;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      stats.bytesRead(bytes.readableBytes());
    }
    ctx.fireChannelRead(message);
  }
}

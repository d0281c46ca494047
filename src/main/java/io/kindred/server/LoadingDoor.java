package io.kindred.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the clients' port while a node reads its disk, and answers every request with {@code
 * -LOADING}, as Redis does: a client that comes early learns why it has to wait. Its clients are
 * let go of when the {@link FrontDoor} is to open; they connect again.
 */
public final class LoadingDoor {

  private static final Logger LOG = LoggerFactory.getLogger(LoadingDoor.class);

  private static final byte[] LOADING =
      "-LOADING Kindred is loading the dataset in memory\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Nobody has anything large to say here. */
  private static final int REQUEST_BYTES_MAX = 1 << 20;

  private final IoEventLoopGroup loops;
  private final String host;
  private final int port;
  private final Admission admission;
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private ChannelFuture bound;

  public LoadingDoor(IoEventLoopGroup loops, String host, int port, ServerLimits limits) {
    this.loops = loops;
    this.host = host;
    this.port = port;
    this.admission = new Admission(limits);
  }

  /** Begins to listen. Where the port is taken it says so, and nothing more is lost. */
  public void open() {
    bound =
        new ServerBootstrap()
            .group(loops)
            .channel(
                loops.isIoType(EpollIoHandler.class)
                    ? EpollServerSocketChannel.class
                    : NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new Porch())
            .bind(host, port);
    bound.addListener(
        done -> {
          if (!done.isSuccess()) {
            LOG.warn("clients cannot be told that the node is loading", done.cause());
          }
        });
  }

  /** Stops; completes once the port is free. */
  public CompletionStage<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    if (bound == null) {
      closed.complete(null);
      return closed;
    }
    bound.addListener(
        opened ->
            bound
                .channel()
                .close()
                .addListener(
                    done -> {
                      var unusedAsWell = clients.close();
                      // NIO gives a port free when the selector has next been asked, and a timer
                      // makes the loop ask it.
                      var unused =
                          bound
                              .channel()
                              .eventLoop()
                              .schedule(() -> closed.complete(null), 1, TimeUnit.MILLISECONDS);
                    }));
    return closed;
  }

  private final class Porch extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (!admission.admits(channel, clients.size())) {
        return;
      }
      clients.add(channel);
      channel
          .pipeline()
          .addLast(new RequestDecoder(REQUEST_BYTES_MAX, REQUEST_BYTES_MAX, bytes -> {}))
          .addLast(new Answer());
    }
  }

  /** One answer a request; whoever does not speak the protocol is let go of. */
  static final class Answer extends SimpleChannelInboundHandler<Object> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, Object request) {
      ChannelFuture written = context.writeAndFlush(Unpooled.wrappedBuffer(LOADING));
      if (request instanceof Malformed) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    /** Nothing is read from a client that does not take its answers. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("a client that waited for the loading is gone", cause);
      var unused = context.close();
    }
  }
}

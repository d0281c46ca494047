package io.kindred.node;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of a node, one a lane: they read the sockets, run the shards and write the logs.
 * Native epoll where there is one, else NIO.
 */
final class Lanes implements AutoCloseable {

  private final IoEventLoopGroup group;
  private final List<EventLoop> loops;

  private Lanes(IoEventLoopGroup group, List<EventLoop> loops) {
    this.group = group;
    this.loops = loops;
  }

  static Lanes start(int count) {
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(count, io);
    List<EventLoop> loops = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      loops.add(group.next());
    }
    return new Lanes(group, List.copyOf(loops));
  }

  IoEventLoopGroup group() {
    return group;
  }

  /** By number of the lane. */
  List<EventLoop> loops() {
    return loops;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

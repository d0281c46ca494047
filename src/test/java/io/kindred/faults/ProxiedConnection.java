package io.kindred.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** One connection through a {@link TcpFaultProxy}: two sockets, and what is on its way between. */
final class ProxiedConnection {

  /** Beyond this a direction is not read any more, so that a slow reader slows its writer down. */
  private static final int HELD_BYTES_MAX = 1 << 20;

  /** Bytes that wait for their time, or for the socket to take them. */
  private record Piece(ByteBuffer bytes, long due) {}

  /** Bytes on their way from one socket to the other. */
  private static final class Direction {
    final SocketChannel from;
    final SocketChannel to;
    final Deque<Piece> held = new ArrayDeque<>();
    long heldBytes;
    boolean ended;
    boolean endPassedOn;

    Direction(SocketChannel from, SocketChannel to) {
      this.from = from;
      this.to = to;
    }

    void pass(TcpFaultProxy proxy) throws IOException {
      long now = System.nanoTime();
      while (!held.isEmpty() && held.peekFirst().due() - now <= 0) {
        ByteBuffer bytes = held.peekFirst().bytes();
        int written = to.write(bytes);
        heldBytes -= written;
        proxy.counted(written);
        if (bytes.hasRemaining()) {
          return;
        }
        held.removeFirst();
      }
      if (ended && held.isEmpty() && !endPassedOn) {
        endPassedOn = true;
        to.shutdownOutput();
      }
    }

    boolean wantsToRead() {
      return !ended && heldBytes < HELD_BYTES_MAX;
    }

    boolean wantsToWrite() {
      return !held.isEmpty() && held.peekFirst().due() - System.nanoTime() <= 0;
    }
  }

  private final TcpFaultProxy proxy;
  private final InetAddress source;
  private final SocketChannel client;
  private final SocketChannel server;
  private final SelectionKey clientKey;
  private final SelectionKey serverKey;
  private final Direction in;
  private final Direction out;
  private final InetSocketAddress target;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private boolean connecting;
  private boolean connected;

  ProxiedConnection(
      TcpFaultProxy proxy, Selector selector, SocketChannel client, InetSocketAddress target)
      throws IOException {
    this.proxy = proxy;
    this.source = ((InetSocketAddress) client.getRemoteAddress()).getAddress();
    this.client = client;
    this.target = target;
    this.server = SocketChannel.open();
    for (SocketChannel channel : new SocketChannel[] {client, server}) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    this.clientKey = client.register(selector, 0, this);
    this.serverKey = server.register(selector, 0, this);
    this.in = new Direction(client, server);
    this.out = new Direction(server, client);
    adjust();
  }

  /** Who connected. */
  InetAddress source() {
    return source;
  }

  /** Does what the proxy's mode asks for now: connects where that was put off, reads or not. */
  void adjust() {
    guarded(
        () -> {
          if (proxy.mode() == TcpFaultProxy.Mode.FORWARD && !connecting) {
            connecting = true;
            connected = server.connect(target);
          }
        });
    setInterest();
  }

  /** One of the two sockets can do something. */
  void ready(SelectionKey key) {
    guarded(
        () -> {
          if (key.isConnectable()) {
            connected = server.finishConnect();
          } else if (key.isReadable()) {
            read(key == clientKey ? in : out);
          }
        });
  }

  /** Passes on what is due, and closes the connection once both ends have closed theirs. */
  void flush() {
    if (connected && proxy.mode() == TcpFaultProxy.Mode.FORWARD) {
      guarded(
          () -> {
            in.pass(proxy);
            out.pass(proxy);
            if (in.endPassedOn && out.endPassedOn) {
              close();
            }
          });
    }
    setInterest();
  }

  /** How long until something held back is due; Long.MAX_VALUE where nothing waits for its time. */
  long nanosToNextDue(long now) {
    long least = Long.MAX_VALUE;
    if (proxy.mode() == TcpFaultProxy.Mode.FORWARD) {
      for (Direction direction : new Direction[] {in, out}) {
        if (!direction.held.isEmpty() && direction.held.peekFirst().due() - now > 0) {
          least = Math.min(least, direction.held.peekFirst().due() - now);
        }
      }
    }
    return least;
  }

  /** Ends the connection so that both ends see it reset. */
  void reset() {
    for (SocketChannel channel : new SocketChannel[] {client, server}) {
      if (channel.isOpen()) {
        try {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
          // the other end was faster: what is gone need not be reset
          connected = false;
        }
      }
    }
    close();
  }

  private void read(Direction direction) throws IOException {
    buffer.clear();
    int count = direction.from.read(buffer);
    if (count < 0) {
      direction.ended = true;
    } else if (count > 0) {
      byte[] bytes = new byte[count];
      buffer.flip().get(bytes);
      long due = System.nanoTime() + proxy.delayNanos();
      if (!direction.held.isEmpty()) {
        due = Math.max(due, direction.held.peekLast().due());
      }
      direction.held.addLast(new Piece(ByteBuffer.wrap(bytes), due));
      direction.heldBytes += count;
    }
  }

  private void setInterest() {
    if (!clientKey.isValid() || !serverKey.isValid()) {
      return;
    }
    if (proxy.mode() != TcpFaultProxy.Mode.FORWARD) {
      clientKey.interestOps(0);
      serverKey.interestOps(0);
    } else if (!connected) {
      clientKey.interestOps(0);
      serverKey.interestOps(SelectionKey.OP_CONNECT);
    } else {
      clientKey.interestOps(interest(in, out));
      serverKey.interestOps(interest(out, in));
    }
  }

  private static int interest(Direction read, Direction written) {
    return (read.wantsToRead() ? SelectionKey.OP_READ : 0)
        | (written.wantsToWrite() ? SelectionKey.OP_WRITE : 0);
  }

  private void close() {
    TcpFaultProxy.close(client);
    TcpFaultProxy.close(server);
    proxy.gone(this);
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** A socket that fails takes its connection with it, as it would without a proxy between. */
  private void guarded(Work work) {
    try {
      work.run();
    } catch (IOException | java.nio.channels.CancelledKeyException e) {
      reset();
    }
  }
}

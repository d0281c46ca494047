package io.kindred.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on the loopback interface between two processes under test. It forwards until it is
 * told otherwise, and its faults hit the connections that are there as well as those to come.
 *
 * <ul>
 *   <li>{@link #cut}: connections are reset, new ones refused, as when a process dies;
 *   <li>{@link #blackhole}: connections stay or are accepted, and nothing passes, as when a switch
 *       fails; what was sent meanwhile arrives after {@link #heal}, as TCP would have it;
 *   <li>{@link #refuse}: as {@link #cut}, but only for those who connect from some addresses, so
 *       that a cluster can be parted in two;
 *   <li>{@link #delay}: every byte arrives that much later, in order;
 *   <li>{@link #heal}: all is well again.
 * </ul>
 *
 * <p>Thread-safe: one thread of its own does everything, and a fault is in force when the method
 * returns.
 */
public final class TcpFaultProxy implements AutoCloseable {

  /** What the proxy does to the bytes. */
  enum Mode {
    FORWARD,
    BLACKHOLE,
    CUT
  }

  private final Selector selector;
  private final Thread thread;
  private final ConcurrentLinkedQueue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final Set<ProxiedConnection> connections = new HashSet<>();
  private final InetSocketAddress target;
  private final int port;
  private final AtomicLong forwarded = new AtomicLong();
  private ServerSocketChannel server;
  private Mode mode = Mode.FORWARD;
  private Set<InetAddress> refused = Set.of();
  private long delayNanos;
  private volatile boolean closing;

  private TcpFaultProxy(int port, InetSocketAddress target) throws IOException {
    this.target = target;
    this.selector = Selector.open();
    this.server = listen(port);
    this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    this.thread = new Thread(this::loop, "fault-proxy-" + this.port);
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** A proxy on a free port of the loopback interface to a port of the same. */
  public static TcpFaultProxy to(int targetPort) {
    return between(0, targetPort);
  }

  /** A proxy on this port (0: a free one) of the loopback interface to a port of the same. */
  public static TcpFaultProxy between(int port, int targetPort) {
    try {
      return new TcpFaultProxy(
          port, new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** How many bytes it has passed on so far, both directions together. */
  public long forwardedBytes() {
    return forwarded.get();
  }

  /** How many connections stand. */
  public int openConnections() {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    order(() -> count.complete(connections.size()));
    return count.join();
  }

  /** Resets all connections and refuses new ones. */
  public void cut() {
    order(
        () -> {
          mode = Mode.CUT;
          close(server);
          Set.copyOf(connections).forEach(ProxiedConnection::reset);
        });
  }

  /** Resets the connections that come from these addresses, now and later; others pass. */
  public void refuse(Set<InetAddress> sources) {
    order(
        () -> {
          refused = Set.copyOf(sources);
          Set.copyOf(connections).stream()
              .filter(connection -> refused.contains(connection.source()))
              .forEach(ProxiedConnection::reset);
        });
  }

  /** Lets nothing pass, and tells nobody. */
  public void blackhole() {
    order(
        () -> {
          reopen();
          mode = Mode.BLACKHOLE;
          connections.forEach(ProxiedConnection::adjust);
        });
  }

  /** Lets every byte read from now on pass that much later; zero: at once. */
  public void delay(Duration delay) {
    order(() -> delayNanos = delay.toNanos());
  }

  /** Ends every fault. */
  public void heal() {
    order(
        () -> {
          reopen();
          mode = Mode.FORWARD;
          refused = Set.of();
          delayNanos = 0;
          Set.copyOf(connections).forEach(ProxiedConnection::adjust);
        });
  }

  /** Closes every connection and the port; once it has returned both are free. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Mode mode() {
    return mode;
  }

  long delayNanos() {
    return delayNanos;
  }

  void counted(int bytes) {
    forwarded.addAndGet(bytes);
  }

  void gone(ProxiedConnection connection) {
    connections.remove(connection);
  }

  /** Runs something on the proxy's thread and waits until it is done; throws what it threw. */
  private void order(Runnable what) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    orders.add(
        () -> {
          try {
            what.run();
            done.complete(null);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    selector.wakeup();
    try {
      done.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("fault proxy on port " + port, e.getCause());
    }
  }

  private void loop() {
    try {
      while (!closing) {
        selector.select(millisToNextDue());
        for (Runnable next = orders.poll(); next != null; next = orders.poll()) {
          next.run();
        }
        for (SelectionKey key : Set.copyOf(selector.selectedKeys())) {
          handle(key);
        }
        selector.selectedKeys().clear();
        Set.copyOf(connections).forEach(ProxiedConnection::flush);
      }
    } catch (IOException | ClosedSelectorException e) {
      throw new IllegalStateException("the selector of the fault proxy on port " + port, e);
    } finally {
      Set.copyOf(connections).forEach(ProxiedConnection::reset);
      close(server);
      close(selector);
    }
  }

  /** 0 (wait for ever) where nothing is held back. */
  private long millisToNextDue() {
    long now = System.nanoTime();
    long least = Long.MAX_VALUE;
    for (ProxiedConnection connection : connections) {
      least = Math.min(least, connection.nanosToNextDue(now));
    }
    return least == Long.MAX_VALUE ? 0 : Math.max(1, least / 1_000_000);
  }

  private void handle(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    if (key.isAcceptable()) {
      accept();
    } else if (key.attachment() instanceof ProxiedConnection connection) {
      connection.ready(key);
    }
  }

  private void accept() {
    try {
      SocketChannel client = server.accept();
      if (client == null) {
        return;
      }
      if (refused.contains(((InetSocketAddress) client.getRemoteAddress()).getAddress())) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
      } else {
        connections.add(new ProxiedConnection(this, selector, client, target));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("accepting on port " + port, e);
    }
  }

  private void reopen() {
    if (!server.isOpen()) {
      try {
        server = listen(port);
      } catch (IOException e) {
        throw new UncheckedIOException("listening again on port " + port, e);
      }
    }
  }

  private ServerSocketChannel listen(int wanted) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT);
    return listening;
  }

  static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

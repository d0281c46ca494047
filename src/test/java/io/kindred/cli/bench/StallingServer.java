package io.kindred.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers every SET and GET at once, but that after so many requests it does nothing for a while.
 */
final class StallingServer implements AutoCloseable {

  private final ServerSocket listening;
  private final long stallsAfter;
  private final Duration stall;
  private final AtomicLong requests = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);

  StallingServer(long stallsAfter, Duration stall) throws IOException {
    this.stallsAfter = stallsAfter;
    this.stall = stall;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  long requests() {
    return requests.get();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "stalling-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      requireClosed(e);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String head = line(in); !head.isEmpty(); head = line(in)) {
        int words = Integer.parseInt(head.substring(1));
        for (int word = 0; word < words; word++) {
          in.skipNBytes(Integer.parseInt(line(in).substring(1)) + 2L);
        }
        answer(socket, words == 3 ? "+OK\r\n" : "$2\r\nhi\r\n");
      }
    } catch (IOException e) {
      requireClosed(e);
    }
  }

  private void answer(Socket socket, String answer) throws IOException {
    // One lock for all connections: a store with one thread stalls for all of them.
    synchronized (this) {
      if (requests.incrementAndGet() == stallsAfter) {
        awaitStall();
      }
      socket.getOutputStream().write(answer.getBytes(US_ASCII));
    }
  }

  private void awaitStall() throws IOException {
    try {
      if (closed.await(stall.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("closed during its stall");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** A line without its end; empty at the end of the stream. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void requireClosed(IOException e) {
    if (closed.getCount() > 0) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listening.close();
  }
}

package io.kindred.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** {@link MixedRequests} on one connection, a batch at a time, at an even pace until closed. */
final class MixedLoad implements AutoCloseable {

  private static final int BATCHES_PER_SECOND = 50;
  private static final int REQUEST_BYTES_MAX = 256;

  private final SocketChannel channel;
  private final int batch;
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final MixedRequests requests = new MixedRequests(7);
  private final Replies replies = new Replies();
  private final Thread thread = new Thread(this::drive, "bench-mixed");
  private volatile boolean over;
  private volatile IOException failure;
  private final AtomicLong answered = new AtomicLong();

  private MixedLoad(SocketChannel channel, int perSecond) {
    this.channel = channel;
    this.batch = Math.max(1, perSecond / BATCHES_PER_SECOND);
    this.out = ByteBuffer.allocateDirect(batch * REQUEST_BYTES_MAX);
  }

  static MixedLoad start(int port, int perSecond) throws IOException {
    MixedLoad load =
        new MixedLoad(
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
            perSecond);
    load.thread.setDaemon(true);
    load.thread.start();
    return load;
  }

  private void drive() {
    long due = System.nanoTime();
    try {
      while (!over) {
        one();
        due += 1_000_000_000L / BATCHES_PER_SECOND;
        while (!over && System.nanoTime() - due < 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void one() throws IOException {
    out.clear();
    for (int i = 0; i < batch; i++) {
      requests.next(out);
    }
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    int left = batch;
    while (left > 0) {
      in.clear();
      if (channel.read(in) < 0) {
        throw new NotMeasured("the node closed the connection");
      }
      in.flip();
      left -= replies.feed(in);
    }
    answered.addAndGet(batch);
    if (replies.errors() > 0) {
      throw new NotMeasured("the node answered with an error");
    }
  }

  long answered() {
    return answered.get();
  }

  /** Fails where the load has. */
  void check() throws NotMeasured {
    IOException why = failure;
    if (why != null) {
      throw new NotMeasured("the load broke off: " + why.getMessage(), why);
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    } finally {
      channel.close();
    }
  }
}

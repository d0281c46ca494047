package io.kindred.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at the moments that a {@link LoadPlan} fixed beforehand, and counts each latency
 * from that moment: what waits behind a stall is counted as the clients of it would. One thread,
 * nothing allocated while it runs.
 */
final class OpenLoop {

  /** Between two looks. Shorter: it takes the store's processor. Longer: it adds to latencies. */
  private static final long REST_NANOS = 30_000;

  /** How long answers may be outstanding when everything was sent. */
  private static final long DRAINS_WITHIN_NANOS = Duration.ofSeconds(60).toNanos();

  private static final long LATENCY_MICROS_MAX = Duration.ofMinutes(10).toNanos() / 1000;

  /**
   * What was measured.
   *
   * @param micros latencies
   */
  record Outcome(Histogram micros, long errors) {

    double millisAt(double percentile) {
      return micros.getValueAtPercentile(percentile) / 1000.0;
    }

    double millisMax() {
      return micros.getMaxValue() / 1000.0;
    }
  }

  private final LoadPlan plan;
  private final Selector selector;
  private final List<OpenLoopPipe> pipes = new ArrayList<>();
  private final Histogram micros = new Histogram(1, LATENCY_MICROS_MAX, 3);
  private long answered;

  private OpenLoop(LoadPlan plan, Selector selector) {
    this.plan = plan;
    this.selector = selector;
  }

  /** Runs a load to its end. */
  static Outcome run(int port, LoadPlan plan) throws IOException {
    try (Selector selector = Selector.open()) {
      OpenLoop loop = new OpenLoop(plan, selector);
      try {
        loop.connect(port);
        return loop.run();
      } finally {
        loop.close();
      }
    }
  }

  private void connect(int port) throws IOException {
    Requests requests = new Requests(plan.valueBytes());
    Dice dice = new Dice(plan.seed());
    for (int i = 0; i < plan.connections(); i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      OpenLoopPipe pipe = new OpenLoopPipe(channel, key, requests, dice, plan);
      key.attach(pipe);
      pipes.add(pipe);
    }
  }

  private Outcome run() throws IOException {
    long all = plan.requests();
    long sent = 0;
    long start = System.nanoTime();
    while (answered < all) {
      long now = System.nanoTime();
      sent = sendDue(start, now, sent, all);
      selector.selectNow(this::onReady);
      rest(start, sent, all);
    }
    long errors = pipes.stream().mapToLong(OpenLoopPipe::errors).sum();
    return new Outcome(micros, errors);
  }

  private long sendDue(long start, long now, long sent, long all) throws IOException {
    long next = sent;
    while (next < all && start + plan.dueNanos(next) <= now) {
      OpenLoopPipe pipe = pipes.get((int) (next % pipes.size()));
      if (!pipe.offer(start + plan.dueNanos(next))) {
        throw new NotMeasured(
            "it cannot keep up with " + Math.round(plan.perSecond()) + " requests a second");
      }
      next++;
    }
    for (long i = sent; i < Math.min(next, sent + pipes.size()); i++) {
      pipes.get((int) (i % pipes.size())).flush();
    }
    if (next == all && now - start - plan.dueNanos(all) > DRAINS_WITHIN_NANOS) {
      throw new NotMeasured(
          (all - answered) + " requests were not answered within a minute of the last");
    }
    return next;
  }

  private void onReady(SelectionKey key) {
    OpenLoopPipe pipe = (OpenLoopPipe) key.attachment();
    try {
      if (key.isReadable()) {
        answered += pipe.read(micros);
      }
      if (key.isWritable()) {
        pipe.flush();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void rest(long start, long sent, long all) {
    long untilDue = sent < all ? start + plan.dueNanos(sent) - System.nanoTime() : REST_NANOS;
    if (untilDue > 0 && answered < all) {
      LockSupport.parkNanos(Math.min(untilDue, REST_NANOS));
    }
  }

  private void close() throws IOException {
    for (OpenLoopPipe pipe : pipes) {
      pipe.close();
    }
  }
}

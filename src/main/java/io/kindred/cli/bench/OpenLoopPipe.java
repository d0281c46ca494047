package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * One connection of an {@link OpenLoop}: the moments its requests were due, in a ring, from those
 * that wait for an answer to those that wait to be written. So a stalled store costs eight bytes a
 * request, not the request.
 */
final class OpenLoopPipe {

  /** Requests that may be outstanding; with fifty connections half a minute at 50,000 a second. */
  private static final int OUTSTANDING_MAX = 1 << 15;

  private static final int BUFFER_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Requests requests;
  private final Dice dice;
  private final LoadPlan plan;
  private final Replies replies = new Replies();
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final long[] due = new long[OUTSTANDING_MAX];
  private long offered;
  private long encoded;
  private long answered;

  OpenLoopPipe(
      SocketChannel channel, SelectionKey key, Requests requests, Dice dice, LoadPlan plan) {
    this.channel = channel;
    this.key = key;
    this.requests = requests;
    this.dice = dice;
    this.plan = plan;
    this.out = ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, 2 * requests.bytesMax()));
  }

  /** Takes a request due at that {@link System#nanoTime}; false where too many are outstanding. */
  boolean offer(long dueAt) {
    if (offered - answered == OUTSTANDING_MAX) {
      return false;
    }
    due[(int) (offered++ & (OUTSTANDING_MAX - 1))] = dueAt;
    return true;
  }

  /** Writes what the socket takes; waits for its readiness with the rest. */
  void flush() throws IOException {
    boolean full = false;
    while (!full && (encoded < offered || out.position() > 0)) {
      while (encoded < offered && out.remaining() >= requests.bytesMax()) {
        encode();
      }
      out.flip();
      channel.write(out);
      full = out.hasRemaining();
      out.compact();
    }
    key.interestOps(full ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void encode() {
    long number = dice.below(plan.keys());
    if (plan.writesOnly() || dice.below(2) == 0) {
      requests.set(number, out);
    } else {
      requests.get(number, out);
    }
    encoded++;
  }

  /** Reads what is there; how many answers ended, whose latencies are added. */
  int read(Histogram micros) throws IOException {
    in.clear();
    if (channel.read(in) < 0) {
      throw new NotMeasured("the store closed a connection under load");
    }
    in.flip();
    int ended = replies.feed(in);
    long now = System.nanoTime();
    for (int i = 0; i < ended; i++) {
      long latency = (now - due[(int) (answered++ & (OUTSTANDING_MAX - 1))]) / 1000;
      micros.recordValue(Math.min(Math.max(1, latency), micros.getHighestTrackableValue()));
    }
    return ended;
  }

  long errors() {
    return replies.errors();
  }

  void close() throws IOException {
    channel.close();
  }
}

package io.kindred.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Puts keys numbered in sequence into a store, so that it is known how much it holds. */
final class Loader {

  /** Enough for both lanes of a small node to have work, few enough for one thread. */
  private static final int CONNECTIONS = 4;

  /** Under way on a connection. Answers to it fit into any socket's buffer, so nobody deadlocks. */
  private static final int BATCH_BYTES = 64 * 1024;

  private final Requests requests;
  private final int batch;
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);

  private Loader(int valueBytes) {
    requests = new Requests(valueBytes);
    batch = Math.max(1, BATCH_BYTES / requests.bytesMax());
    out = ByteBuffer.allocateDirect(batch * requests.bytesMax());
  }

  /** Sets the keys from one number to the one before another. */
  static void load(int port, long from, long to, int valueBytes) throws IOException {
    List<SocketChannel> connections = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        SocketChannel connection =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        connections.add(connection);
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      new Loader(valueBytes).load(connections, from, to);
    } finally {
      for (SocketChannel connection : connections) {
        connection.close();
      }
    }
  }

  private void load(List<SocketChannel> connections, long from, long to) throws IOException {
    List<Replies> replies = connections.stream().map(connection -> new Replies()).toList();
    int[] awaited = new int[connections.size()];
    long next = from;
    while (next < to) {
      for (int i = 0; i < connections.size() && next < to; i++) {
        awaitAnswers(connections.get(i), replies.get(i), awaited[i]);
        out.clear();
        awaited[i] = (int) Math.min(batch, to - next);
        for (int k = 0; k < awaited[i]; k++) {
          requests.set(next++, out);
        }
        out.flip();
        while (out.hasRemaining()) {
          connections.get(i).write(out);
        }
      }
    }
    for (int i = 0; i < connections.size(); i++) {
      awaitAnswers(connections.get(i), replies.get(i), awaited[i]);
    }
  }

  private void awaitAnswers(SocketChannel connection, Replies replies, int count)
      throws IOException {
    int left = count;
    while (left > 0) {
      in.clear();
      if (connection.read(in) < 0) {
        throw new NotMeasured("the store closed a connection while it was loaded");
      }
      in.flip();
      left -= replies.feed(in);
    }
    if (replies.errors() > 0) {
      throw new NotMeasured("the store answered with an error while it was loaded");
    }
  }
}

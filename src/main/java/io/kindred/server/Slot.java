package io.kindred.server;

import io.kindred.command.Reply;

/**
 * The place of one reply in a connection's order. Filled once, from any thread; the reply waits
 * here until all before it were written.
 */
final class Slot implements Request.Answered {

  private final Connection connection;
  private final boolean resp3;
  private final int requestBytes;
  private final boolean closesAfter;
  private volatile Reply reply;

  /** Null for nearly all; on the connection's loop. */
  private Runnable whenFirst;

  /**
   * @param resp3 the protocol in which the reply is to be written
   * @param requestBytes what the request holds in memory until it is answered
   * @param closesAfter whether the connection ends behind this reply
   */
  Slot(Connection connection, boolean resp3, int requestBytes, boolean closesAfter) {
    this.connection = connection;
    this.resp3 = resp3;
    this.requestBytes = requestBytes;
    this.closesAfter = closesAfter;
  }

  @Override
  public void onReply(Reply answer) {
    reply = answer;
    connection.wake();
  }

  /** Null while it is not there. */
  Reply reply() {
    return reply;
  }

  /** What is to run once this is the oldest slot. */
  void whenFirst(Runnable task) {
    whenFirst = task;
  }

  /** This is the oldest slot now. */
  void first() {
    if (whenFirst != null) {
      Runnable task = whenFirst;
      whenFirst = null;
      task.run();
    }
  }

  boolean resp3() {
    return resp3;
  }

  int requestBytes() {
    return requestBytes;
  }

  boolean closesAfter() {
    return closesAfter;
  }
}

package io.kindred.server;

import java.util.concurrent.atomic.LongAdder;

/** What the front door counts, since the process began; written from all lanes. */
public final class ServerStats {

  private final LongAdder commands = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder forwarded = new LongAdder();
  private final LongAdder servedForOthers = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();

  void commandsRead(int count) {
    commands.add(count);
  }

  void errorAnswered() {
    errors.increment();
  }

  void connectionAccepted() {
    connections.increment();
  }

  void connectionRejected() {
    rejected.increment();
  }

  void commandForwarded() {
    forwarded.increment();
  }

  void servedForOthers(int count) {
    servedForOthers.add(count);
  }

  void bytesRead(long count) {
    bytesIn.add(count);
  }

  void bytesWritten(long count) {
    bytesOut.add(count);
  }

  /** Commands that clients of this node sent. */
  public long commands() {
    return commands.sum();
  }

  /** Commands that were answered with an error. */
  public long errors() {
    return errors.sum();
  }

  /** Connections accepted so far, closed ones included. */
  public long connections() {
    return connections.sum();
  }

  /** Connections refused so far: too many, or refused by protected mode. */
  public long rejected() {
    return rejected.sum();
  }

  /** Commands, counted by key, that were sent to another node, each attempt by itself. */
  public long forwarded() {
    return forwarded.sum();
  }

  /** Commands, counted by key, that other nodes sent here. */
  public long servedForOthers() {
    return servedForOthers.sum();
  }

  public long bytesRead() {
    return bytesIn.sum();
  }

  public long bytesWritten() {
    return bytesOut.sum();
  }
}

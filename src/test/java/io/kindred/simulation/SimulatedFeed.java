package io.kindred.simulation;

import io.kindred.replication.Cursor;
import io.kindred.replication.FeedFilter;
import io.kindred.replication.FeedSettings;
import io.kindred.replication.FeedStart;
import io.kindred.replication.LaneFeed;
import io.kindred.replication.Receipt;
import io.kindred.replication.Retention;
import io.kindred.replication.SpanReader;
import io.kindred.ring.NodeId;
import io.kindred.storage.LaneLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One lane's feed to one peer: {@link LaneFeed} decides, this reads the log and sends. */
final class SimulatedFeed {

  private final SimulatedNode from;
  private final NodeId to;
  private final int lane;
  private final LaneLog log;
  private final LaneFeed feed;
  private final FeedFilter filter;
  private final FeedSettings settings;
  private final SpanReader reader;
  private boolean diverged;

  SimulatedFeed(
      SimulatedNode from,
      NodeId to,
      int lane,
      LaneLog log,
      FeedStart start,
      FeedFilter filter,
      FeedSettings settings,
      LongSupplier sessions) {
    this.from = from;
    this.to = to;
    this.lane = lane;
    this.log = log;
    this.filter = filter;
    this.settings = settings;
    this.reader = new SpanReader(log, settings.pieceBytes());
    this.diverged = start.incomplete();
    this.feed =
        new LaneFeed(start.cursor(), SimulatedNode.EPOCH, settings, SimulatedNode.LANES, sessions);
  }

  /**
   * Sends what can be sent now.
   *
   * @param evenEmpty whether to tell of stretches of the log that hold nothing for the peer
   */
  void pump(boolean evenEmpty) {
    long now = from.monotonicMillis();
    if (new Retention(settings.retentionBytes())
        .gaveUp(feed.cursor().applied(), log.oldest(), log.end())) {
      giveUp();
    }
    feed.onTime(now);
    boolean more = true;
    while (more) {
      if (feed.wantsSpan() && feed.loaded() < log.end()) {
        load(evenEmpty);
      }
      Optional<LaneFeed.Send> send = feed.next(now);
      send.ifPresent(this::send);
      more = send.isPresent();
    }
  }

  /** A log that lost its power may have a hole, which no feed gets across. */
  private void load(boolean evenEmpty) {
    try {
      reader.next(feed.loaded(), filter, evenEmpty).ifPresent(feed::load);
    } catch (IOException e) {
      giveUp();
    }
  }

  private void giveUp() {
    diverged = true;
    feed.jump(log.end());
  }

  private void send(LaneFeed.Send send) {
    long generation = from.generation();
    from.send(to, peer -> peer.inbox().take(from.id(), lane, generation, send));
  }

  void onReceipt(Receipt receipt) {
    feed.onReceipt(receipt, from.monotonicMillis());
    pump(false);
  }

  Cursor cursor() {
    return feed.cursor();
  }

  /** Whether the peer has answered this boot, and so takes nothing of an earlier one any more. */
  boolean isOpen() {
    return feed.isOpen();
  }

  /** Whether the peer has all there is, and the sender knows it. */
  boolean isDone() {
    return feed.cursor().synced() == log.end();
  }

  /** Whether something was given up that only a reconciliation can bring. */
  boolean isDiverged() {
    return diverged;
  }

  void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

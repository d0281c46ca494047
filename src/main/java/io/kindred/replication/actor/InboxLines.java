package io.kindred.replication.actor;

import io.kindred.replication.InboxProgress;
import io.kindred.ring.NodeId;
import io.kindred.storage.LaneLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/** The lanes that feed this node: how far each has come, and whom to tell. */
final class InboxLines implements FeedAwaits.Origins {

  /** One lane of one origin. */
  record Channel(NodeId origin, int lane) {}

  /** What is known of it. */
  static final class Line {
    final InboxProgress progress = new InboxProgress(ThreadLocalRandom.current().nextLong());
    ActorRef<Feeder.Ack> replyTo;
    int unacknowledged;
  }

  private final List<LaneLog> localLogs;
  private final Map<Channel, Line> lines = new HashMap<>();
  private final Map<NodeId, Integer> lanesOf = new HashMap<>();

  InboxLines(List<LaneLog> localLogs) {
    this.localLogs = localLogs;
  }

  /** The line of a channel, made where there is none; acknowledgements go there from now on. */
  Line of(NodeId origin, int lane, ActorRef<Feeder.Ack> replyTo) {
    Line line = lines.computeIfAbsent(new Channel(origin, lane), channel -> new Line());
    line.replyTo = replyTo;
    return line;
  }

  /** Notes how many lanes an origin feeds from. */
  void feedsFrom(NodeId origin, int lanes) {
    lanesOf.put(origin, lanes);
  }

  void forget(Channel channel) {
    lines.remove(channel);
  }

  void forEach(BiConsumer<Channel, Line> visitor) {
    lines.forEach(visitor);
  }

  /** Lets a line's synced cursor follow this node's own logs. */
  void noteLocalLogs(Line line) {
    // Ends are read first: a log that grows between is then not taken for synced.
    long[] ends = localLogs.stream().mapToLong(LaneLog::end).toArray();
    long[] synced = localLogs.stream().mapToLong(LaneLog::synced).toArray();
    line.progress.onLocalLogs(ends, synced);
  }

  /** How far each of an origin's lanes has come; -1 for one that has not fed this inbox. */
  List<Long> applied(NodeId origin) {
    return IntStream.range(0, lanes(origin))
        .mapToObj(lane -> lane(origin, lane))
        .map(progress -> progress == null ? -1L : progress.receipt().applied())
        .toList();
  }

  /** Whether more of a line is synced than its sender was told. */
  boolean hasSyncedMore(Line line) {
    if (!line.progress.awaitsSync()) {
      return false;
    }
    long before = line.progress.receipt().synced();
    noteLocalLogs(line);
    return line.progress.receipt().synced() > before;
  }

  @Override
  public InboxProgress lane(NodeId origin, int lane) {
    Line line = lines.get(new Channel(origin, lane));
    return line == null ? null : line.progress;
  }

  @Override
  public int lanes(NodeId origin) {
    return lanesOf.getOrDefault(origin, 0);
  }
}

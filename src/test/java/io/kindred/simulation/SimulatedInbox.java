package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.MalformedElementException;
import io.kindred.replication.InboxProgress;
import io.kindred.replication.LaneFeed;
import io.kindred.replication.Receipt;
import io.kindred.replication.Span;
import io.kindred.ring.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a node receives from the feeds: {@link InboxProgress} keeps count, this merges. */
final class SimulatedInbox {

  private record Source(NodeId sender, int lane) {}

  private final SimulatedNode node;
  private final long number;
  private final Map<Source, InboxProgress> sources = new LinkedHashMap<>();

  SimulatedInbox(SimulatedNode node, long number) {
    this.node = node;
    this.number = number;
  }

  /** Takes what a feed sent. */
  void take(NodeId sender, int lane, long generation, LaneFeed.Send send) {
    Source source = new Source(sender, lane);
    InboxProgress progress = sources.computeIfAbsent(source, any -> new InboxProgress(number));
    if (send instanceof LaneFeed.Hello hello) {
      progress.onHello(generation, hello);
    } else if (send instanceof LaneFeed.Carry carry) {
      progress
          .onPiece(carry.session(), 0, carry.piece())
          .ifPresent(span -> merge(source, carry.session(), progress, span));
    }
    answer(source, progress);
  }

  private void merge(Source source, long session, InboxProgress progress, Span span) {
    List<Element> elements = new ArrayList<>();
    try {
      ElementReader.forEach(span.bytes(), elements::add);
    } catch (MalformedElementException e) {
      throw new IllegalStateException(e);
    }
    node.mergeFromFeed(
        node.leaks() ? List.of() : elements,
        () -> {
          progress.onMerged(session, span);
          answer(source, progress);
        });
  }

  /** Tells the senders what has been synced since they last heard. */
  void tick() {
    sources.forEach(
        (source, progress) -> {
          if (progress.awaitsSync()) {
            answer(source, progress);
          }
        });
  }

  private void answer(Source source, InboxProgress progress) {
    progress.onLocalLogs(node.logEnds(), node.syncedEnds());
    Receipt receipt = progress.receipt();
    node.send(source.sender(), sender -> sender.feed(node.id(), source.lane()).onReceipt(receipt));
  }

  /** Whether all that a sender's log had below these ends has been applied here. */
  boolean reached(NodeId sender, long generation, long[] ends) {
    for (int lane = 0; lane < ends.length; lane++) {
      InboxProgress progress = sources.get(new Source(sender, lane));
      if (progress == null || !progress.reached(generation, ends[lane])) {
        return false;
      }
    }
    return true;
  }
}

package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.ring.Shards;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.ElementSlice;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.MergeOutcome;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One shard towards the rest of the node: merges what others send, tells digests, elements and
 * counts, and lets clients in or not. Clients' own commands go by {@link LaneActor}; both work at
 * one {@link ShardDesk}, on the lane's thread.
 */
public final class ShardActor extends AbstractBehavior<ShardProtocol.Command> {

  private final ShardDesk desk;
  private final Shard shard;
  private final LaneLog log;
  private final Shards ringShards;

  /** A shard's behavior; to be run on the dispatcher of the lane whose log is given. */
  public static Behavior<ShardProtocol.Command> create(ShardDesk desk, LaneLog log) {
    return Behaviors.setup(context -> new ShardActor(context, desk, log));
  }

  private ShardActor(ActorContext<ShardProtocol.Command> context, ShardDesk desk, LaneLog log) {
    super(context);
    this.desk = desk;
    this.shard = desk.shard();
    this.log = log;
    this.ringShards = desk.ringShards();
  }

  @Override
  public Receive<ShardProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ShardProtocol.Merge.class, this::onMerge)
        .onMessage(ShardProtocol.Serve.class, this::onServe)
        .onMessage(ShardProtocol.ReadSlots.class, this::onReadSlots)
        .onMessage(ShardProtocol.ReadBranches.class, this::onReadBranches)
        .onMessage(ShardProtocol.ReadLeaves.class, this::onReadLeaves)
        .onMessage(ShardProtocol.ReadElements.class, this::onReadElements)
        .onMessage(ShardProtocol.BeginSnapshot.class, this::onBeginSnapshot)
        .onMessage(ShardProtocol.AwaitCommit.class, this::onAwaitCommit)
        .onMessage(ShardProtocol.ReadStats.class, this::onReadStats)
        .onMessage(ShardProtocol.Limits.class, this::onLimits)
        .onMessage(ShardProtocol.ReadStep.class, this::onReadStep)
        .build();
  }

  private Behavior<ShardProtocol.Command> onMerge(ShardProtocol.Merge merge) {
    long added = 0;
    long replaced = 0;
    long known = 0;
    long superseded = 0;
    List<ShardProtocol.Newer> newer = merge.tellsNewer() ? new ArrayList<>(0) : List.of();
    if (log.failure() != null) {
      mergeNotLogged(log.failure());
      return this;
    }
    boolean fed = merge.readUnder() == ShardProtocol.FED;
    if (!fed && merge.readUnder() < shard.refusesBelow()) {
      merge
          .replyTo()
          .tell(
              new ShardProtocol.Merged(
                  shard.number(), merge.ticket(), 0, 0, 0, 0, true, List.of()));
      return this;
    }
    try {
      for (Element element : merge.elements()) {
        long newest = merge.tellsNewer() ? newestTime(element) : 0;
        MergeOutcome outcome = fed ? shard.mergeFed(element) : shard.merge(element);
        switch (outcome) {
          case ADDED -> added++;
          case REPLACED -> replaced++;
          case KNOWN -> known++;
          case SUPERSEDED -> superseded++;
        }
        if (merge.tellsNewer() && mayLose(element, newest, outcome)) {
          newer.add(new ShardProtocol.Newer(element.key().hashCode(), newestTime(element)));
        }
      }
    } catch (LogFailedException e) {
      // No answer, so that whoever asked does so again; merging again changes nothing.
      mergeNotLogged(e.getMessage());
      return this;
    }
    ShardProtocol.Merged merged =
        new ShardProtocol.Merged(
            shard.number(), merge.ticket(), added, replaced, known, superseded, false, newer);
    log.afterCommit(() -> merge.replyTo().tell(merged), this::mergeNotLogged);
    return this;
  }

  private long newestTime(Element element) {
    return shard.store().newestTime(element.key(), shard.now());
  }

  /**
   * Whether something newer of the key is here, of whatever kind: a clear mark under a newer
   * string, or a string under a newer hash, is merged and yet not seen.
   */
  private static boolean mayLose(Element element, long newest, MergeOutcome outcome) {
    return outcome == MergeOutcome.SUPERSEDED
        || (outcome != MergeOutcome.KNOWN && newest > element.version().time());
  }

  /** Whoever sent the elements hears nothing, and sends them again. */
  private void mergeNotLogged(String reason) {
    getContext()
        .getLog()
        .error("shard {} cannot log what other nodes send: {}", shard.number(), reason);
  }

  private Behavior<ShardProtocol.Command> onServe(ShardProtocol.Serve serve) {
    desk.serve(serve.serving());
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadSlots(ShardProtocol.ReadSlots read) {
    read.replyTo().tell(new ShardProtocol.Slots(shard.step(), slots()));
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadStep(ShardProtocol.ReadStep read) {
    read.replyTo().tell(shard.refusesBelow());
    return this;
  }

  private Behavior<ShardProtocol.Command> onLimits(ShardProtocol.Limits limits) {
    if (!shard.isSole()) {
      if (limits.forget()) {
        shard.forgetUpTo(limits.step());
      }
      shard.adopt(limits.adopted());
      shard.purgeUpTo(limits.step());
    }
    return this;
  }

  private Behavior<ShardProtocol.Command> onBeginSnapshot(ShardProtocol.BeginSnapshot begin) {
    begin
        .replyTo()
        .tell(
            new ShardProtocol.SnapshotBegun(
                log.end(), shard.store().filledSlots(), shard.refusesBelow()));
    return this;
  }

  private Behavior<ShardProtocol.Command> onAwaitCommit(ShardProtocol.AwaitCommit await) {
    log.afterCommit(
        () -> await.replyTo().tell(new ShardProtocol.Committed(log.end())),
        reason -> getContext().getLog().warn("a snapshot waits for the log: {}", reason));
    return this;
  }

  private long[] slots() {
    int first = ringShards.firstSlot(shard.number());
    long[] slots = new long[ringShards.slotsPerShard()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = shard.store().digests().slot(first + i);
    }
    return slots;
  }

  private Behavior<ShardProtocol.Command> onReadBranches(ShardProtocol.ReadBranches read) {
    List<long[]> rows = new ArrayList<>(read.slots().size());
    for (int slot : read.slots()) {
      rows.add(shard.store().digests().branches(slot));
    }
    read.replyTo().tell(rows);
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadLeaves(ShardProtocol.ReadLeaves read) {
    List<long[]> rows = new ArrayList<>(read.branches().size());
    for (NodeProtocol.Branch branch : read.branches()) {
      rows.add(shard.store().digests().leaves(branch.slot(), branch.branch()));
    }
    read.replyTo().tell(rows);
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadElements(ShardProtocol.ReadElements read) {
    long began = System.nanoTime();
    List<Element> elements = new ArrayList<>();
    ElementSlice slice = ElementSlice.of(elements::add);
    ElementCursor from = read.from().orElse(null);
    ElementCursor next = null;
    for (NodeProtocol.Leaf leaf : read.leaves()) {
      boolean isRead = from != null && leaf.leaf() < from.key().leaf();
      if (!isRead && next == null) {
        next = shard.store().readElements(leaf.slot(), leaf.leaf(), from, slice);
      }
    }
    long nanos = System.nanoTime() - began;
    read.replyTo().tell(new ShardProtocol.Elements(elements, Optional.ofNullable(next), nanos));
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadStats(ShardProtocol.ReadStats read) {
    ShardStore store = shard.store();
    read.replyTo()
        .tell(
            new ShardProtocol.ShardStats(
                shard.number(),
                desk.serves(),
                store.keyCount(),
                store.expiringCount(),
                store.tombstoneCount(),
                store.estimatedBytes(),
                desk.driftedSlots().size(),
                shard.farFutureElements()));
    return this;
  }
}

package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.command.Reply;
import io.kindred.command.ShardQueries;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.ring.Shards;
import io.kindred.storage.HeldBack;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The only holder of one {@link Shard}: orders all that happens to it in its mailbox, on its lane's
 * thread, and answers when the lane has committed. A read waits for the commit of what it may have
 * seen, so that nobody learns of a write which a crash could still take back. While the log fails,
 * a command is answered unless one of its keys is {@linkplain HeldBack held back}.
 */
public final class ShardActor extends AbstractBehavior<ShardProtocol.Command> {

  private final Shard shard;
  private final LaneLog log;
  private final Shards ringShards;
  private boolean serving;

  /** A shard's behavior; to be run on the dispatcher of the lane whose log is given. */
  public static Behavior<ShardProtocol.Command> create(
      Shard shard, LaneLog log, Shards ringShards) {
    return Behaviors.setup(context -> new ShardActor(context, shard, log, ringShards));
  }

  private ShardActor(
      ActorContext<ShardProtocol.Command> context, Shard shard, LaneLog log, Shards ringShards) {
    super(context);
    this.shard = shard;
    this.log = log;
    this.ringShards = ringShards;
  }

  @Override
  public Receive<ShardProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ShardProtocol.Execute.class, this::onExecute)
        .onMessage(ShardProtocol.Merge.class, this::onMerge)
        .onMessage(ShardProtocol.Serve.class, this::onServe)
        .onMessage(ShardProtocol.ReadSlots.class, this::onReadSlots)
        .onMessage(ShardProtocol.ReadBranches.class, this::onReadBranches)
        .onMessage(ShardProtocol.ReadLeaves.class, this::onReadLeaves)
        .onMessage(ShardProtocol.ReadElements.class, this::onReadElements)
        .onMessage(ShardProtocol.BeginSnapshot.class, this::onBeginSnapshot)
        .onMessage(ShardProtocol.AwaitCommit.class, this::onAwaitCommit)
        .onMessage(ShardProtocol.ReadStats.class, this::onReadStats)
        .build();
  }

  private Behavior<ShardProtocol.Command> onExecute(ShardProtocol.Execute execute) {
    Call[] calls = execute.calls();
    if (!serving) {
      for (Call call : calls) {
        call.notServing();
      }
      return this;
    }
    Reply[] replies = new Reply[calls.length];
    for (int i = 0; i < calls.length; i++) {
      replies[i] = run(calls[i]);
    }
    log.afterCommit(
        () -> {
          for (int i = 0; i < calls.length; i++) {
            calls[i].answer(replies[i]);
          }
        },
        reason -> answerWhatIsDurable(calls, replies, reason));
    return this;
  }

  /** The log has failed: what touched nothing that it could not take is answered all the same. */
  private void answerWhatIsDurable(Call[] calls, Reply[] replies, String reason) {
    HeldBack heldBack = log.heldBack();
    Reply failure = notLogged(reason);
    for (int i = 0; i < calls.length; i++) {
      calls[i].answer(touches(calls[i].args(), heldBack) ? failure : replies[i]);
    }
  }

  /**
   * By any argument that looks like the key, since a command does not say which ones are. {@link
   * ShardQueries} ask about the whole shard.
   */
  private boolean touches(byte[][] args, HeldBack heldBack) {
    if (args[0][0] == '|') {
      return heldBack.holdsAny(
          ringShards.firstSlot(shard.number()), ringShards.lastSlot(shard.number()));
    }
    return Arrays.stream(args).skip(1).anyMatch(arg -> heldBack.holds(Key.of(arg)));
  }

  private Reply run(Call call) {
    try {
      return call.command().run(shard, call.args());
    } catch (LogFailedException e) {
      return notLogged(e.getMessage());
    } catch (UncheckedIOException e) {
      // The clock's bound lies on the same disk.
      return notLogged(e.getMessage() + ": " + e.getCause().getMessage());
    } catch (RuntimeException e) {
      String name = new String(call.args()[0], java.nio.charset.StandardCharsets.ISO_8859_1);
      getContext().getLog().error("command {} failed in shard {}", name, shard.number(), e);
      return new Reply.Failure("ERR internal error in '" + name + "': see the node's log");
    }
  }

  private static Reply notLogged(String reason) {
    return new Reply.Failure(
        "MISCONF Kindred cannot write its log, so writes are refused and reads go on: " + reason);
  }

  private Behavior<ShardProtocol.Command> onMerge(ShardProtocol.Merge merge) {
    long added = 0;
    long replaced = 0;
    long known = 0;
    long superseded = 0;
    if (log.failure() != null) {
      mergeNotLogged(log.failure());
      return this;
    }
    try {
      for (Element element : merge.elements()) {
        switch (shard.merge(element)) {
          case ADDED -> added++;
          case REPLACED -> replaced++;
          case KNOWN -> known++;
          case SUPERSEDED -> superseded++;
        }
      }
    } catch (LogFailedException e) {
      // No answer, so that whoever asked does so again; merging again changes nothing.
      mergeNotLogged(e.getMessage());
      return this;
    }
    ShardProtocol.Merged merged =
        new ShardProtocol.Merged(
            shard.number(), merge.ticket(), added, replaced, known, superseded);
    log.afterCommit(() -> merge.replyTo().tell(merged), this::mergeNotLogged);
    return this;
  }

  /** Whoever sent the elements hears nothing, and sends them again. */
  private void mergeNotLogged(String reason) {
    getContext()
        .getLog()
        .error("shard {} cannot log what other nodes send: {}", shard.number(), reason);
  }

  private Behavior<ShardProtocol.Command> onServe(ShardProtocol.Serve serve) {
    serving = serve.serving();
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadSlots(ShardProtocol.ReadSlots read) {
    read.replyTo().tell(slots());
    return this;
  }

  private Behavior<ShardProtocol.Command> onBeginSnapshot(ShardProtocol.BeginSnapshot begin) {
    begin.replyTo().tell(new ShardProtocol.SnapshotBegun(log.end(), slots()));
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
    List<Element> elements = new ArrayList<>();
    for (NodeProtocol.Leaf leaf : read.leaves()) {
      shard.store().forEachElement(leaf.slot(), leaf.leaf(), elements::add);
    }
    read.replyTo().tell(elements);
    return this;
  }

  private Behavior<ShardProtocol.Command> onReadStats(ShardProtocol.ReadStats read) {
    ShardStore store = shard.store();
    read.replyTo()
        .tell(
            new ShardProtocol.ShardStats(
                shard.number(),
                serving,
                store.keyCount(),
                store.tombstoneCount(),
                store.estimatedBytes()));
    return this;
  }
}

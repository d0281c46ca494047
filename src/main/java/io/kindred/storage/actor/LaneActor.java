package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.command.Commands;
import io.kindred.command.Consistency;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.replication.AckTally;
import io.kindred.replication.Superseded;
import io.kindred.ring.NodeId;
import io.kindred.storage.LaneLog;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.ShardStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Runs clients' commands in the shards of one lane, on the lane's thread, and answers when the lane
 * has committed. A read waits for the commit of what it may have seen, so that nobody learns of a
 * write which a crash could still take back.
 *
 * <p>One for all shards of a lane, since a client's batch touches many of them: with a message a
 * shard, a batch of sixteen commands was sixteen messages of one command each.
 */
public final class LaneActor extends AbstractBehavior<LaneActor.Command> {

  /** A message to a lane. */
  public sealed interface Command {}

  /** Runs clients' commands in order. The array is handed over. */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  public record Execute(Call[] calls) implements Command {}

  /**
   * A peer has applied this lane's log up to a position. To be told while {@link
   * LaneQuorum#isWaiting}.
   *
   * @param superseded what of it was older than what the peer has
   */
  public record Applied(NodeId peer, long position, List<Superseded> superseded)
      implements Command {}

  /** The feed to a peer goes on at a position, and may never bring what lies before. */
  public record GaveUp(NodeId peer, long position) implements Command {}

  /**
   * Asks how many other racks have all that this lane was told to write before; answered when so
   * many have, or the time is over.
   *
   * @param answer on the lane's thread
   */
  public record AwaitRacks(int wanted, Duration within, IntConsumer answer) implements Command {}

  /** Asks what the lane can promise of all that it will log, and how its shards are. */
  public record TellFloor(ActorRef<LaneFloor> replyTo) implements Command {}

  private enum Tend implements Command {
    NOW
  }

  private static final Duration TEND_EVERY = Duration.ofMillis(100);

  /** While there is more to be swept than one turn takes: a twentieth of the lane's time. */
  private static final Duration TEND_SOON = Duration.ofMillis(10);

  private final TimerScheduler<Command> timers;
  private final int lane;
  private final ShardDesk[] desks;
  private final LaneLog log;
  private final MemoryBudget budget;
  private final LaneTending tending;
  private final LaneQuorum quorum;

  @SuppressWarnings("UnusedVariable") // written so that the reads are not optimised away
  private long touched;

  /**
   * A lane's behavior; to be run on the lane's dispatcher.
   *
   * @param lane its number
   * @param desks the lane's shards
   * @param quorum of this lane
   */
  public static Behavior<Command> create(
      int lane, List<ShardDesk> desks, LaneLog log, MemoryBudget budget, LaneQuorum quorum) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tend.NOW, TEND_EVERY);
                  return new LaneActor(context, timers, lane, desks, log, budget, quorum);
                }));
  }

  private LaneActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      int lane,
      List<ShardDesk> desks,
      LaneLog log,
      MemoryBudget budget,
      LaneQuorum quorum) {
    super(context);
    this.timers = timers;
    this.lane = lane;
    int most = desks.stream().mapToInt(desk -> desk.shard().number()).max().orElse(-1);
    this.desks = new ShardDesk[most + 1];
    desks.forEach(desk -> this.desks[desk.shard().number()] = desk);
    this.log = log;
    this.budget = budget;
    this.tending = new LaneTending(lane, desks, budget);
    this.quorum = quorum;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Execute.class, this::onExecute)
        .onMessage(Applied.class, this::onApplied)
        .onMessage(GaveUp.class, this::onGaveUp)
        .onMessage(AwaitRacks.class, this::onAwaitRacks)
        .onMessageEquals(Tend.NOW, this::onTend)
        .onMessage(TellFloor.class, this::onTellFloor)
        .build();
  }

  private Behavior<Command> onApplied(Applied applied) {
    quorum.applied(applied.peer(), applied.position(), applied.superseded());
    return this;
  }

  private Behavior<Command> onGaveUp(GaveUp gaveUp) {
    quorum.gaveUp(gaveUp.peer(), gaveUp.position());
    return this;
  }

  private Behavior<Command> onAwaitRacks(AwaitRacks await) {
    long deadline = System.nanoTime() + await.within().toNanos();
    log.afterCommit(
        () ->
            quorum.awaitRacks(
                new LaneQuorum.RackWait(log.end(), await.wanted(), deadline, await.answer())),
        reason -> await.answer().accept(0));
    return this;
  }

  private Behavior<Command> onTend() {
    quorum.tick();
    if (tending.turn()) {
      timers.startSingleTimer("soon", Tend.NOW, TEND_SOON);
    }
    return this;
  }

  private Behavior<Command> onTellFloor(TellFloor tell) {
    LaneFloor.take(lane, desks, log, tell.replyTo()::tell);
    return this;
  }

  private Behavior<Command> onExecute(Execute execute) {
    Call[] calls = execute.calls();
    lookAhead(calls);
    Reply[] replies = new Reply[calls.length];
    List<AckTally.Waiting<LaneQuorum.Write>> waiting = new ArrayList<>(0);
    for (int i = 0; i < calls.length; i++) {
      ShardDesk desk = desks[calls[i].shard()];
      if (!desk.serves()) {
        Answers.notServing(calls[i]);
      } else if (budget.isFull() && Commands.needsMemory(calls[i].args()[0])) {
        replies[i] = Failures.OUT_OF_MEMORY;
      } else if (calls[i].level() != Consistency.DC_ONE && calls[i].isWrite()) {
        replies[i] = runForQuorum(desk, calls[i], waiting);
      } else {
        replies[i] = mustFollow(calls[i]) ? runBehind(desk, calls[i], waiting) : desk.run(calls[i]);
        log.commitIfMuch();
      }
    }
    log.afterCommit(
        () -> {
          Answers.give(calls, replies);
          if (!waiting.isEmpty()) {
            quorum.committed(waiting);
          }
        },
        reason -> {
          quorum.notLogged(waiting, reason);
          Answers.notLogged(calls, replies, log.heldBack(), reason);
        });
    return this;
  }

  private boolean mustFollow(Call call) {
    return quorum.isWaiting()
        && call.isWrite()
        && quorum.mustFollow(call.key() == null ? Key.of(call.args()[1]) : call.key());
  }

  /** Runs a write for which nobody waits, behind one to the same key for which somebody does. */
  private Reply runBehind(
      ShardDesk desk, Call call, List<AckTally.Waiting<LaneQuorum.Write>> waiting) {
    desk.shard().beginRecording();
    Reply reply = desk.run(call);
    List<Element> made = desk.shard().recorded();
    if (!made.isEmpty()) {
      waiting.add(quorum.follow(call, desk, made));
    }
    return reply;
  }

  /** The reply, or null where it has to wait for other racks. */
  private Reply runForQuorum(
      ShardDesk desk, Call call, List<AckTally.Waiting<LaneQuorum.Write>> waiting) {
    Reply refusal = quorum.refusal(call.shard());
    if (refusal != null) {
      return refusal;
    }
    desk.shard().beginRecording();
    Reply reply = desk.run(call);
    List<Element> made = desk.shard().recorded();
    AckTally.Waiting<LaneQuorum.Write> begun =
        made.isEmpty() || reply instanceof Reply.Failure
            ? null
            : quorum.begin(call, reply, desk, made);
    // Only now: who reads the log must find somebody waiting.
    log.commitIfMuch();
    if (begun == null) {
      return reply;
    }
    waiting.add(begun);
    return null;
  }

  /**
   * Touches what a batch's keys lie in, all index entries and digests and then all blocks. Each is
   * far away in memory; asked for one behind the other they come at the same time, where command by
   * command each would be waited for.
   */
  private void lookAhead(Call[] calls) {
    if (calls.length == 1) {
      return;
    }
    long seen = 0;
    for (Call call : calls) {
      if (call.key() != null) {
        ShardStore store = desks[call.shard()].shard().store();
        seen += store.touchIndex(call.key());
        seen += call.isWrite() ? store.touchDigests(call.key()) : 0;
      }
    }
    for (Call call : calls) {
      if (call.key() != null) {
        seen += desks[call.shard()].shard().store().touchBlock(call.key());
      }
    }
    touched = seen;
  }
}

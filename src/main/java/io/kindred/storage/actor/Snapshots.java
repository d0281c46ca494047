package io.kindred.storage.actor;

import io.kindred.ring.Shards;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.snapshot.Pace;
import io.kindred.storage.snapshot.SnapshotBook;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.kindred.storage.snapshot.SnapshotHead;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Writes the snapshots of this node's shards, one at a time, and cuts the logs behind them. Which
 * and when {@link SnapshotBook} says. A shard only lists elements, a slice a message; encoding,
 * compression and the disk are this actor's, so it belongs on a dispatcher that may block.
 */
public final class Snapshots extends AbstractBehavior<Snapshots.Command> {

  /** Its name under the guardian. */
  public static final String NAME = "snapshots";

  /** After a failure, such as a disk that is full. */
  private static final Duration REST = Duration.ofSeconds(30);

  /** What it can be told. */
  public sealed interface Command {}

  /** Has all shards written, now. */
  public record Start(ActorRef<SnapshotStatus> replyTo) implements Command {}

  public record GetStatus(ActorRef<SnapshotStatus> replyTo) implements Command {}

  private record Begun(ShardProtocol.SnapshotBegun begun, Throwable failure) implements Command {}

  private record Read(ShardProtocol.Elements elements, Throwable failure) implements Command {}

  private record Committed(Long logEnd, Throwable failure) implements Command {}

  private record Fed(Optional<List<Long>> upTo, Throwable failure) implements Command {}

  private enum Turn implements Command {
    LOOK,
    READ
  }

  /**
   * What it works on.
   *
   * @param logs one a lane
   * @param found the snapshots that are there, by shard
   * @param logBytes see {@link SnapshotBook}
   * @param bytesPerSecond how fast elements are written, before compression
   * @param lookEvery how often to look whether there is something to do
   * @param fed up to where each lane's log is no longer needed by any feed, as a restart would find
   *     it; empty while nobody can tell
   */
  public record Parts(
      LocalShards local,
      List<FileLaneLog> logs,
      Shards ringShards,
      long ringId,
      SnapshotDirectory directory,
      List<Optional<SnapshotDirectory.Stored>> found,
      Quarantine quarantine,
      long logBytes,
      long bytesPerSecond,
      Duration lookEvery,
      Supplier<CompletionStage<Optional<List<Long>>>> fed) {}

  private final Parts parts;
  private final SnapshotBook book;
  private final Pace pace;
  private final ShardQuestions questions;
  private Optional<SnapshotInWriting> writing = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private long restUntilNanos = System.nanoTime();
  private final FedBefore fedBefore = new FedBefore();

  public static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Snapshots(context, timers, parts)));
  }

  private Snapshots(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
    super(context);
    context.setLoggerName(Snapshots.class);
    this.parts = parts;
    this.book =
        new SnapshotBook(
            parts.logs().size(), parts.logBytes(), parts.found(), parts.quarantine()::holds);
    this.pace = new Pace(parts.bytesPerSecond());
    this.questions = new ShardQuestions(parts.local(), context.getSystem(), context.getLog());
    timers.startTimerWithFixedDelay(Turn.LOOK, parts.lookEvery());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Start.class, this::onStart)
        .onMessage(GetStatus.class, this::onGetStatus)
        .onMessageEquals(Turn.LOOK, this::onLook)
        .onMessage(Begun.class, this::onBegun)
        .onMessageEquals(Turn.READ, this::onReadOn)
        .onMessage(Read.class, this::onRead)
        .onMessage(Committed.class, this::onCommitted)
        .onMessage(Fed.class, this::onFed)
        .onSignal(PostStop.class, stopped -> onStop())
        .build();
  }

  private Behavior<Command> onStart(Start start) {
    book.beginAll();
    next();
    start.replyTo().tell(status());
    return this;
  }

  private Behavior<Command> onGetStatus(GetStatus get) {
    get.replyTo().tell(status());
    return this;
  }

  private Behavior<Command> onLook() {
    if (System.nanoTime() - restUntilNanos >= 0) {
      book.beginMended();
      for (int lane = 0; lane < parts.logs().size(); lane++) {
        if (book.isDue(lane, parts.logs().get(lane)::unpackedFrom)) {
          book.begin(lane);
        }
      }
      next();
    }
    getContext().pipeToSelf(parts.fed().get(), Fed::new);
    return this;
  }

  private void next() {
    if (book.inHand().isEmpty() && book.next().isPresent()) {
      ask(ShardProtocol.BeginSnapshot::new, Begun::new);
    }
  }

  /** The one that is being written. */
  private int shard() {
    return book.inHand().orElseThrow();
  }

  private int lane() {
    return shard() % parts.logs().size();
  }

  private <T> void ask(
      Function<ActorRef<T>, ShardProtocol.Command> question,
      org.apache.pekko.japi.function.Function2<T, Throwable, Command> answer) {
    getContext().pipeToSelf(questions.ask(shard(), question), answer);
  }

  private Behavior<Command> onBegun(Begun message) {
    if (message.failure() != null) {
      return failed(message.failure());
    }
    SnapshotHead head =
        new SnapshotHead(
            parts.ringId(),
            shard(),
            lane(),
            parts.local().generation(),
            message.begun().logEnd(),
            message.begun().step(),
            System.currentTimeMillis());
    LeafWalk walk = new LeafWalk(message.begun().slots());
    try {
      writing = Optional.of(new SnapshotInWriting(parts.directory(), head, walk));
    } catch (IOException e) {
      return failed(e);
    }
    return onReadOn();
  }

  private Behavior<Command> onReadOn() {
    LeafWalk walk = writing.orElseThrow().walk();
    List<NodeProtocol.Leaf> leaves = walk.leaves();
    if (leaves.isEmpty()) {
      ask(
          ShardProtocol.AwaitCommit::new,
          (ShardProtocol.Committed done, Throwable failed) ->
              new Committed(failed == null ? done.logEnd() : null, failed));
    } else {
      this.<ShardProtocol.Elements>ask(
          replyTo -> new ShardProtocol.ReadElements(leaves, walk.from(), replyTo), Read::new);
    }
    return this;
  }

  private Behavior<Command> onRead(Read read) {
    if (read.failure() != null) {
      return failed(read.failure());
    }
    book.sliced(read.elements().nanos());
    long bytes;
    try {
      bytes = writing.orElseThrow().put(read.elements());
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
    Duration pause = pace.pauseAfter(bytes, System.nanoTime());
    if (pause.isZero()) {
      return onReadOn();
    }
    getContext().pipeToSelf(Rest.of(pause), (rested, failed) -> Turn.READ);
    return this;
  }

  private Behavior<Command> onCommitted(Committed committed) {
    if (committed.failure() != null) {
      return failed(committed.failure());
    }
    SnapshotDirectory.Stored stored;
    try (SnapshotInWriting whole = writing.orElseThrow()) {
      parts.logs().get(lane()).syncNow();
      stored = whole.publish(committed.logEnd());
    } catch (IOException e) {
      return failed(e);
    }
    book.written(shard(), stored);
    writing = Optional.empty();
    failure = Optional.empty();
    if (book.waiting() == 0) {
      getContext().getLog().info("the snapshots of all shards that were to be written are there");
    }
    next();
    return this;
  }

  /** The next round begins with what is oldest. */
  private Behavior<Command> failed(Throwable why) {
    String reason = why.getMessage() == null ? why.toString() : why.getMessage();
    getContext().getLog().warn("the snapshot of shard {} failed: {}", shard(), reason);
    failure = Optional.of("shard " + shard() + ": " + reason);
    dropUnfinished();
    book.giveUp();
    restUntilNanos = System.nanoTime() + REST.toNanos();
    return this;
  }

  private void dropUnfinished() {
    try {
      if (writing.isPresent()) {
        writing.get().close();
      }
    } catch (IOException stays) {
      getContext().getLog().warn("an unfinished snapshot stays until the next start", stays);
    }
    writing = Optional.empty();
  }

  private Behavior<Command> onFed(Fed fed) {
    Optional<List<Long>> upTo = fed.failure() == null ? fed.upTo() : Optional.empty();
    fedBefore.turn(upTo, System.nanoTime()).ifPresent(this::cut);
    return this;
  }

  private void cut(List<Long> fedUpTo) {
    for (int lane = 0; lane < parts.logs().size(); lane++) {
      try {
        parts.logs().get(lane).cut(Math.min(book.neededFrom(lane), fedUpTo.get(lane)));
      } catch (IOException e) {
        getContext().getLog().warn("the log of lane {} cannot be cut", lane, e);
      }
    }
  }

  private SnapshotStatus status() {
    return SnapshotRows.status(parts, book, failure);
  }

  private Behavior<Command> onStop() {
    dropUnfinished();
    return this;
  }
}

package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.storage.ElementCursor;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What may be asked of a shard's actor, on its own node only. Every node has an actor for each
 * shard of the ring; those it does not own stay empty and do not serve.
 */
@SuppressWarnings("ArrayRecordComponent") // messages are never compared
public final class ShardProtocol {

  private ShardProtocol() {}

  /** A message to a shard's actor. */
  public interface Command {}

  /** In place of the step of what was read: its origin's feed brings it. */
  public static final long FED = -2;

  /**
   * Merges what came from elsewhere; answered once it is committed to the log.
   *
   * @param readUnder the shard's step at whoever it was read from, before that; {@link #FED} for
   *     what an origin itself sends
   * @param tellsNewer whether the answer is to say of which keys something newer is here
   */
  public record Merge(
      List<Element> elements,
      long ticket,
      long readUnder,
      boolean tellsNewer,
      ActorRef<Merged> replyTo)
      implements Command {

    /** Of a feed. */
    public Merge(List<Element> elements, long ticket, ActorRef<Merged> replyTo) {
      this(elements, ticket, FED, false, replyTo);
    }

    /** Of a carrier that only counts. */
    public Merge(List<Element> elements, long ticket, long readUnder, ActorRef<Merged> replyTo) {
      this(elements, ticket, readUnder, false, replyTo);
    }
  }

  /**
   * What became of the elements of one {@link Merge}.
   *
   * @param refused whether none was merged, since they were read under an earlier step than this
   *     shard's, and may be what it has purged
   * @param newer the keys of those that lost, with the newest time of each; none where nobody asked
   */
  public record Merged(
      int shard,
      long ticket,
      long added,
      long replaced,
      long known,
      long superseded,
      boolean refused,
      List<Newer> newer) {

    /** The answer to who only counts. */
    public Merged(int shard, long ticket, long added, long replaced, long known, long superseded) {
      this(shard, ticket, added, replaced, known, superseded, false, List.of());
    }
  }

  /** Something newer of a key than what arrived: the key's hash, and the newest time seen on it. */
  public record Newer(int key, long time) {}

  /**
   * How far the shard's watermark is.
   *
   * @param adopted this owner has everything that was or will be written at or below it
   * @param step what is dead at or below it is to be purged
   * @param forget whether all that is held at or below the step is to go, as it may be what the
   *     others have purged
   */
  public record Limits(long adopted, long step, boolean forget) implements Command {}

  /** Asks for the step at or above which whatever is read from now on is read. */
  public record ReadStep(ActorRef<Long> replyTo) implements Command {}

  /** From now on the shard answers clients, or sends them elsewhere. */
  public record Serve(boolean serving) implements Command {}

  /** Asks for the digests of all the shard's slots. */
  public record ReadSlots(ActorRef<Slots> replyTo) implements Command {}

  /**
   * A shard's digests.
   *
   * @param step that they are of; {@link io.kindred.storage.Shard#PURGING} in between
   * @param digests of the slots, in order
   */
  public record Slots(long step, long[] digests) {}

  /** Asks for one row of 16 branches for each slot. */
  public record ReadBranches(List<Integer> slots, ActorRef<List<long[]>> replyTo)
      implements Command {}

  /** Asks for one row of 16 leaves for each branch. */
  public record ReadLeaves(List<NodeProtocol.Branch> branches, ActorRef<List<long[]>> replyTo)
      implements Command {}

  /**
   * Asks for elements of some leaves of one slot, as many as a shard may read at once.
   *
   * @param leaves in order
   * @param from where the answer before said to go on; what lies before it is not read again
   */
  public record ReadElements(
      List<NodeProtocol.Leaf> leaves, Optional<ElementCursor> from, ActorRef<Elements> replyTo)
      implements Command {}

  /**
   * Some elements, sorted by (slot, leaf, key, kind code, part).
   *
   * @param next where to go on in the same leaves, or empty where they were read to their end
   * @param nanos how long that kept the shard
   */
  public record Elements(List<Element> elements, Optional<ElementCursor> next, long nanos) {}

  /** Asks where the lane's log ends, and which slots hold something, as a snapshot begins. */
  public record BeginSnapshot(ActorRef<SnapshotBegun> replyTo) implements Command {}

  /**
   * Where a snapshot starts.
   *
   * @param logEnd all that was committed below is in the shard
   * @param slots those that hold something, in order
   * @param step at or above which the shard is read
   */
  public record SnapshotBegun(long logEnd, List<Integer> slots, long step) {}

  /** Asks to be told once all that the shard holds is committed; no answer where it cannot be. */
  public record AwaitCommit(ActorRef<Committed> replyTo) implements Command {}

  /** All that the shard held is in the log below this position. */
  public record Committed(long logEnd) {}

  /** Asks for counts, for metrics and INFO. */
  public record ReadStats(ActorRef<ShardStats> replyTo) implements Command {}

  /**
   * A shard in numbers.
   *
   * @param keys that live, passed expiries not yet seen included
   * @param expiring keys of them that have an expiry
   * @param tombstones kept: removed elements, clear marks
   * @param bytes of payload
   * @param farFutureElements merged since the start, more than a minute ahead of this node's clock
   */
  public record ShardStats(
      int shard,
      boolean serving,
      long keys,
      long expiring,
      long tombstones,
      long bytes,
      int driftedSlots,
      long farFutureElements) {}
}

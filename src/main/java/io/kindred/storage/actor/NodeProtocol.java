package io.kindred.storage.actor;

import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.wire.WireMessage;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.SourceRef;

/**
 * What others, on this node and elsewhere, may ask of a node's {@code Node} actor: digests,
 * elements, merges. Everything here crosses nodes. Answers carry the answering node; a node that
 * has not loaded its shards does not answer, and the asker's deadline passes.
 */
@SuppressWarnings("ArrayRecordComponent") // messages are never compared
public final class NodeProtocol {

  private NodeProtocol() {}

  /** A message to a Node actor that may come from another node. */
  public interface Command {}

  /** Marks the commands that cross nodes. */
  public interface RemoteCommand extends Command, WireMessage {}

  /** Asks for the slot digests of some shards: at most 16 at a time, to fit a frame. */
  public record GetManifest(List<Integer> shards, ActorRef<Manifest> replyTo)
      implements RemoteCommand {}

  /**
   * A node's digests, one row a shard asked for, each with one number a slot.
   *
   * @param damaged those asked for that lost something on its disk, and are not mended yet: what
   *     they still have is as good as anybody's, what they lack proves nothing
   */
  public record Manifest(NodeId node, long epoch, List<ShardManifest> shards, List<Integer> damaged)
      implements WireMessage {}

  /**
   * One shard's digests.
   *
   * @param step that they are of, {@link io.kindred.storage.Shard#PURGING} in between; those of
   *     different steps differ in what one has purged and the other has not yet
   */
  public record ShardManifest(int shard, long step, long[] slots) {}

  /** Asks for the 16 branches of some slots: at most 512 slots at a time. */
  public record GetBranches(List<Integer> slots, ActorRef<Branches> replyTo)
      implements RemoteCommand {}

  /** One row of 16 numbers a slot asked for, in that order. */
  public record Branches(NodeId node, List<long[]> rows) implements WireMessage {}

  /** Asks for the 16 leaves of some branches: at most 512 at a time. */
  public record GetLeaves(List<Branch> branches, ActorRef<Leaves> replyTo)
      implements RemoteCommand {}

  public record Branch(int slot, int branch) {}

  /** One row of 16 numbers a branch asked for, in that order. */
  public record Leaves(NodeId node, List<long[]> rows) implements WireMessage {}

  /** One leaf of a slot, 0 to 255. */
  public record Leaf(int slot, int leaf) {}

  /**
   * Asks for all elements of some leaves, or of whole shards, as a stream of chunks. Exactly one of
   * the lists is not empty. Elements come sorted by (slot, leaf, key, kind code, part).
   *
   * @param fromSlot for a shard: the first slot to send, to go on where a broken stream ended
   */
  public record OpenElements(
      List<Leaf> leaves, List<Integer> shards, int fromSlot, ActorRef<ElementsOpened> replyTo)
      implements RemoteCommand {}

  /**
   * A stream of encoded elements, to be read once. Chunks are cut anywhere, at 64 KiB, so an
   * element may span many. The last chunk is marked and carries the count and checksum; a stream
   * that ends without it is broken.
   *
   * @param step at or above which whole shards are read, the least of several; 0 for leaves, whose
   *     reader knows it from the manifest it asked for before
   */
  public record ElementsOpened(NodeId node, SourceRef<Chunk> chunks, long step)
      implements WireMessage {}

  /**
   * A piece of a stream of elements.
   *
   * @param position bytes sent before this chunk
   * @param bytes a piece of the output of one {@code ElementWriter}
   * @param slotDone all elements of slots up to and including this one were sent within this chunk
   *     or before; -1 before the first
   * @param end null but in the last chunk
   */
  public record Chunk(long position, byte[] bytes, int slotDone, End end) implements WireMessage {}

  /** Closes a stream: how many elements it had, and the CRC32C of all its bytes. */
  public record End(long elements, long bytes, int crc32c) {}

  /**
   * Merges elements that are not a client's: a recommendation. Answered once they are merged and in
   * the log. Pieces of one batch come one after the other, each sent when the one before was
   * answered.
   *
   * @param batch tells batches apart
   * @param bytes a piece, at most 128 KiB, of the output of one {@code ElementWriter}
   * @param more whether further pieces of this batch follow; the elements are merged with the last
   * @param readUnder the step that all who were read from were at before; a shard that is further
   *     refuses the elements, since it may have purged them
   */
  public record MergeElements(
      String batch,
      int piece,
      byte[] bytes,
      boolean more,
      long readUnder,
      ActorRef<MergeResult> replyTo)
      implements RemoteCommand {}

  /**
   * What became of a piece.
   *
   * @param added elements that the node lacked; 0 for all but the last piece
   * @param replaced elements of which it had an older one
   * @param known elements that it had already
   * @param superseded elements that something newer had made worthless
   * @param refused whether a shard has merged nothing, being at a later step
   */
  public record MergeResult(
      NodeId node,
      int piece,
      long added,
      long replaced,
      long known,
      long superseded,
      boolean refused)
      implements WireMessage {

    /** The sums over the shards that a batch's elements belong to. */
    static MergeResult of(NodeId node, int piece, List<ShardProtocol.Merged> shards) {
      return new MergeResult(
          node,
          piece,
          shards.stream().mapToLong(ShardProtocol.Merged::added).sum(),
          shards.stream().mapToLong(ShardProtocol.Merged::replaced).sum(),
          shards.stream().mapToLong(ShardProtocol.Merged::known).sum(),
          shards.stream().mapToLong(ShardProtocol.Merged::superseded).sum(),
          shards.stream().anyMatch(ShardProtocol.Merged::refused));
    }
  }

  /** Asks how far this node's own writes have come: the end of each of its lanes' logs. */
  public record GetFeedEnds(ActorRef<FeedEnds> replyTo) implements RemoteCommand {}

  /** The log's generation, and the position behind the last committed batch of each lane. */
  public record FeedEnds(NodeId node, long generation, List<Long> ends) implements WireMessage {}

  /** What the Node actor passes on to whom the other nodes feed. */
  public sealed interface FeedQuestion extends Command {}

  /**
   * Asks to be told when all that {@code ends} covers has been received and applied here. Answered
   * at once where {@code ends} is this node's own.
   */
  public record AwaitFeed(FeedEnds ends, long timeoutMillis, ActorRef<FeedAwaited> replyTo)
      implements FeedQuestion, RemoteCommand {}

  /**
   * Asks to be told when some nodes feed this one by a ring at least as new as {@code epoch}. From
   * then on every write they accept for this node's shards comes by the feed, and a copy streamed
   * from any of them completes it.
   */
  public record AwaitFedUnder(
      long epoch, SortedSet<NodeId> origins, Duration within, ActorRef<FedUnder> replyTo)
      implements FeedQuestion {}

  /** Which of the nodes do not feed by that ring yet; empty where all do. */
  public record FedUnder(long epoch, SortedSet<NodeId> missing) {}

  /** Whether it was reached in time. */
  public record FeedAwaited(NodeId node, NodeId origin, boolean reached) implements WireMessage {}

  /** Asks how the node does. Answered in every phase. */
  public record GetStats(ActorRef<NodeStats> replyTo) implements RemoteCommand {}

  /**
   * How a node does. Counts are since this boot, unless said otherwise.
   *
   * @param shardsServed from how many shards it answers clients now
   * @param keys live in the shards it holds, served or not
   * @param tombstones elements kept only so that what they removed stays removed
   * @param logBytes on disk, all lanes together
   * @param heapUsedBytes of {@code heapMaxBytes}
   * @param clients connected now
   * @param commands answered
   * @param commandsForwarded of them, answered by asking another node
   * @param opsPerSecond commands lately
   * @param uptimeMillis since this boot
   * @param quarantinedShards that lost something on this node's disk, and are no source for others
   * @param driftedSlots slots of which the audit found the digests to be wrong
   * @param farFutureElements that others sent with versions more than a minute ahead of this node's
   *     clock
   * @param feeds to the other owners
   */
  public record NodeStats(
      NodeId node,
      Phase phase,
      int shardsServed,
      long keys,
      long tombstones,
      long logBytes,
      long heapUsedBytes,
      long heapMaxBytes,
      int clients,
      long commands,
      long commandsForwarded,
      double opsPerSecond,
      long uptimeMillis,
      int quarantinedShards,
      int driftedSlots,
      long farFutureElements,
      List<FeedLag> feeds)
      implements WireMessage {}

  /**
   * How far a peer is behind this node's own writes.
   *
   * @param lagBytes of log that it has not applied
   * @param divergedSinceMillis when the feed first had to give up something, in ms since 1970; 0
   *     while the feed alone makes the peer whole
   * @param resends messages sent again
   * @param sentBytes of entries sent since the start, what was sent again included
   * @param logEnd where the logs end, all lanes together: by how much it grows is what was logged
   */
  public record FeedLag(
      NodeId peer,
      long lagBytes,
      long divergedSinceMillis,
      long resends,
      long sentBytes,
      long logEnd) {}

  /** For this node only: serve clients from these shards, and from no others. */
  public record Serve(SortedSet<Integer> shards) implements Command {}
}

package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.function.Consumer;

/**
 * The log of one lane: the append-only file of all that the lane's shards applied. Written by the
 * lane's thread alone; {@link #end}, {@link #synced} and readers may be used from any thread.
 *
 * <p>Positions are bytes since the log began and never start again at 0, whatever segments are
 * deleted.
 */
public interface LaneLog {

  /**
   * Puts an element into the batch that the lane's next commit writes.
   *
   * @param own whether this node accepted it from a client, so that the feeds send it on
   * @throws LogFailedException while the log takes no writes, see {@link #failure}
   */
  void append(int shard, boolean own, Element element);

  /**
   * The same as {@link #append} of a string and of an expiry of its version, which this node
   * accepted from a client.
   *
   * @param expiresAt in ms, or {@link Element#NEVER}
   */
  default void appendString(int shard, Key key, Version version, byte[] value, long expiresAt) {
    append(shard, true, Element.string(key, version, value));
    append(shard, true, Element.expiry(key, version, expiresAt));
  }

  /**
   * To be called between two commands: commits at once where much was appended already. A command's
   * own elements stay together, and no batch gets much larger than one command or than what a
   * processor keeps near.
   */
  default void commitIfMuch() {}

  /**
   * Runs {@code done} on the lane's thread once all that was appended so far is as durable as the
   * fsync policy asks (always: synced; everysec and no: written); at once where nothing is pending.
   * Exactly one of the two runs.
   *
   * @param failed takes the reason where that could not be done: what was appended is in memory and
   *     may yet reach the log, but must not be answered as done
   */
  void afterCommit(Runnable done, Consumer<String> failed);

  /**
   * Why the log takes no writes at the moment; null while it takes them. A full disk may get better
   * by itself; a failed fsync lasts until the node is started again.
   */
  String failure();

  /**
   * While the log takes no writes: the keys of which memory holds something that is not as durable
   * as the fsync policy asks, and may never be. What was asked of any other key may be answered.
   * For the lane's thread.
   */
  default HeldBack heldBack() {
    return failure() == null ? HeldBack.NOTHING : HeldBack.EVERYTHING;
  }

  /**
   * From now on runs {@code listener} on the lane's thread after each commit, once {@link #end} has
   * moved: what wakes the feeds. It must return at once and never throw. May be called from any
   * thread; listeners are few and stay for good.
   */
  void onCommit(Runnable listener);

  /** Position behind the last committed batch. */
  long end();

  /** Position up to which the file was synced to disk. */
  long synced();

  /** The oldest position that is still there to be read. */
  long oldest();

  /**
   * How many bytes there are from a position on before packing: what a start that begins there has
   * to replay. A little too much, as what packing saved is only known by segment.
   */
  default long unpackedFrom(long position) {
    return end() - position;
  }

  /**
   * A reader from {@code position} on, for a feed's thread; between {@link #oldest} and {@link
   * #end}.
   */
  LogReader readFrom(long position);
}

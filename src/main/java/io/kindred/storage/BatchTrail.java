package io.kindred.storage;

import io.kindred.entry.ElementWriter;
import io.kindred.entry.Slot;

/**
 * Notes which shards a batch has entries of, and puts that into the batch behind it: where the
 * first one rots, the second tells whose entries are lost. For the lane's thread.
 *
 * <p>It stands behind a batch's entries as one of a shard that cannot be: the length of the batch
 * before, and a number whose bit {@code s mod 64} is set for shard s.
 */
final class BatchTrail {

  /** A set of which nothing is known: it may be any shard. */
  static final long ANY_SHARD = -1;

  /** No shard has this number. */
  static final int NO_SHARD = Slot.COUNT;

  private long beforeLength;
  private long before;
  private long now;
  private boolean sealed;

  /** The bits of a shard's own batch. */
  static long bit(int shard) {
    return 1L << shard;
  }

  /** What recovery knows of the last batch that it read, of {@code length} bytes; 0 for none. */
  void follow(long length, long shards) {
    beforeLength = length;
    before = shards;
  }

  /** The batch that is being made gets an entry. */
  void touch(int shard) {
    now |= bit(shard);
  }

  /** The batch is to be written, perhaps not for the first time. */
  void seal(ElementWriter batch) {
    if (!sealed && beforeLength > 0) {
      batch.putVarint((long) NO_SHARD << 1);
      batch.putVarint(beforeLength);
      batch.putVarint(before);
    }
    sealed = true;
  }

  /** It was written, and moved the log's position by {@code length}. */
  void written(long length) {
    follow(length, now);
    now = 0;
    sealed = false;
  }
}

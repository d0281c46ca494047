package io.kindred.ring;

import io.kindred.entry.Slot;

/**
 * How the 16,384 slots fall into shards: contiguous ranges of equal size, fixed when the cluster
 * forms.
 *
 * @param count a power of two, 1 to 16384
 */
public record Shards(int count) {

  public Shards {
    if (count < 1 || count > Slot.COUNT || Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException("shards are a power of two up to 16384: " + count);
    }
  }

  public int slotsPerShard() {
    return Slot.COUNT / count;
  }

  public int shardOf(int slot) {
    return slot / slotsPerShard();
  }

  /** The shard's first slot. */
  public int firstSlot(int shard) {
    return shard * slotsPerShard();
  }

  /** The shard's last slot. */
  public int lastSlot(int shard) {
    return firstSlot(shard + 1) - 1;
  }
}

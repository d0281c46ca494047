package io.kindred.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A shard's live digests at three levels: slot, 16 branches a slot, 16 leaves a branch, 8 bytes
 * each. A digest is the sum modulo 2^64 of {@link io.kindred.entry.Element#digest} over the
 * elements kept below it. Never computed from the data, only maintained; 0 for what is empty. For
 * the shard's thread.
 */
public final class Digests {

  private static final int BRANCHES = 16;
  private static final int LEAVES = 256;
  // One slot's numbers lie side by side: its own, its branches', its leaves'.
  private static final int FIRST_BRANCH = 1;
  private static final int FIRST_LEAF = FIRST_BRANCH + BRANCHES;
  private static final int NUMBERS = FIRST_LEAF + LEAVES;

  private final int firstSlot;
  // A slot gets its 2 KiB with its first element: most shards of most nodes are somebody else's.
  // Open to tests, which spoil single numbers.
  final long[][] slots;
  private long whole;
  private long bytes;

  Digests(int firstSlot, int lastSlot) {
    this.firstSlot = firstSlot;
    this.slots = new long[lastSlot - firstSlot + 1][];
  }

  /** A slot's digest. */
  public long slot(int slot) {
    long[] numbers = slots[slot - firstSlot];
    return numbers == null ? 0 : numbers[0];
  }

  /** A slot's 16 branches; a copy. */
  public long[] branches(int slot) {
    return copy(slot, FIRST_BRANCH);
  }

  /** The 16 leaves of one branch (0 to 15) of a slot; a copy. */
  public long[] leaves(int slot, int branch) {
    return copy(slot, FIRST_LEAF + branch * BRANCHES);
  }

  /** One leaf (0 to 255) of a slot. */
  long leaf(int slot, int leaf) {
    long[] numbers = slots[slot - firstSlot];
    return numbers == null ? 0 : numbers[FIRST_LEAF + leaf];
  }

  /** Whether something of a slot was ever counted. */
  boolean keeps(int slot) {
    return slots[slot - firstSlot] != null;
  }

  /** The leaves (0 to 255) of a slot below a number that is not the sum of those beneath it. */
  List<Integer> leavesNotSummedUp(int slot) {
    long[] numbers = slots[slot - firstSlot];
    List<Integer> leaves = new ArrayList<>();
    boolean isSlot = numbers[0] == sum(numbers, FIRST_BRANCH, BRANCHES);
    for (int branch = 0; branch < BRANCHES; branch++) {
      int first = branch * BRANCHES;
      boolean isBranch =
          numbers[FIRST_BRANCH + branch] == sum(numbers, FIRST_LEAF + first, BRANCHES);
      for (int leaf = first; leaf < first + BRANCHES && !(isSlot && isBranch); leaf++) {
        leaves.add(leaf);
      }
    }
    return leaves;
  }

  private static long sum(long[] numbers, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += numbers[i];
    }
    return sum;
  }

  /** Reads what {@link #add} will change; some number. */
  long touch(int slot, int leaf) {
    long[] numbers = slots[slot - firstSlot];
    return numbers == null
        ? 0
        : numbers[0] + numbers[FIRST_BRANCH + (leaf >>> 4)] + numbers[FIRST_LEAF + leaf];
  }

  /** The sum over all slots of the shard. */
  public long whole() {
    return whole;
  }

  /** What the numbers take in memory. */
  long bytes() {
    return bytes;
  }

  /** Adds to a leaf (0 to 255) and to all above it. */
  void add(int slot, int leaf, long difference) {
    long[] numbers = slots[slot - firstSlot];
    if (numbers == null) {
      numbers = new long[NUMBERS];
      slots[slot - firstSlot] = numbers;
      bytes += 8L * NUMBERS;
    }
    numbers[0] += difference;
    numbers[FIRST_BRANCH + (leaf >>> 4)] += difference;
    numbers[FIRST_LEAF + leaf] += difference;
    whole += difference;
  }

  private long[] copy(int slot, int from) {
    long[] numbers = slots[slot - firstSlot];
    return numbers == null ? new long[BRANCHES] : Arrays.copyOfRange(numbers, from, from + 16);
  }
}

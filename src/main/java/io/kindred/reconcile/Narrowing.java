package io.kindred.reconcile;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds where digests differ, one level at a time. The three levels are one rule: a node answers
 * with rows of digests, and the cell {@code i} of the row {@code r} has the number {@code r * width
 * + i}, which names a row of the next level. So the row of a shard has one cell a slot, the row of
 * a slot 16 branches, the row of a branch 16 leaves; and a leaf's number is {@code slot * 256 + its
 * place in the slot}.
 */
public final class Narrowing {

  /** Branches of a slot, and leaves of a branch. */
  public static final int WIDTH = 16;

  /** Leaves of a slot. */
  public static final int LEAVES_PER_SLOT = WIDTH * WIDTH;

  private Narrowing() {}

  /**
   * The numbers of all cells in which not all answers agree, ascending. A row counts among those
   * who sent it: nodes answer for what they hold, and a row that only one sent differs from nobody.
   *
   * @param width cells of a row
   * @param answers of each node its rows, by number
   * @throws IllegalArgumentException where a row is not {@code width} long
   */
  public static List<Integer> differing(int width, Collection<Map<Integer, long[]>> answers) {
    SortedMap<Integer, long[]> first = new TreeMap<>();
    SortedSet<Integer> cells = new TreeSet<>();
    for (Map<Integer, long[]> answer : answers) {
      answer.forEach(
          (number, row) -> {
            if (row.length != width) {
              throw new IllegalArgumentException(
                  "row " + number + " has " + row.length + " digests, not " + width);
            }
            long[] other = first.putIfAbsent(number, row);
            if (other != null && !Arrays.equals(row, other)) {
              addDiffering(cells, number * width, row, other);
            }
          });
    }
    return List.copyOf(cells);
  }

  private static void addDiffering(SortedSet<Integer> cells, int base, long[] one, long[] other) {
    for (int i = 0; i < one.length; i++) {
      if (one[i] != other[i]) {
        cells.add(base + i);
      }
    }
  }

  /** The slot of a branch's number. */
  public static int slotOfBranch(int branch) {
    return branch / WIDTH;
  }

  /** The slot of a leaf's number. */
  public static int slotOfLeaf(int leaf) {
    return leaf / LEAVES_PER_SLOT;
  }
}

package io.kindred.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NarrowingTest {

  private static final int SLOTS = 8;

  @Test
  void narrowingEndsAtTheLeavesThatBruteForceFinds() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int shards = 1 + random.nextInt(4);
      int nodes = 2 + random.nextInt(3);
      List<long[]> leavesOfNodes = drifted(random, shards * SLOTS * 256, nodes);

      List<Integer> found = narrow(shards, leavesOfNodes);

      assertThat(found).as("seed " + seed).isEqualTo(byBruteForce(leavesOfNodes));
    }
  }

  @Test
  void aRowThatOnlyOneSentDiffersFromNobody() {
    List<Map<Integer, long[]>> answers =
        List.of(Map.of(0, new long[] {1, 2}, 7, new long[] {3, 4}), Map.of(0, new long[] {1, 5}));

    assertThat(Narrowing.differing(2, answers)).containsExactly(1);
  }

  @Test
  void aDifferenceAmongTheLaterAnswersIsFound() {
    List<Map<Integer, long[]>> answers =
        List.of(
            Map.of(3, new long[] {1, 1}),
            Map.of(3, new long[] {1, 1}),
            Map.of(3, new long[] {1, 2}));

    assertThat(Narrowing.differing(2, answers)).containsExactly(7);
  }

  @Test
  void aRowOfTheWrongLengthIsRefused() {
    List<Map<Integer, long[]>> answers = List.of(Map.of(0, new long[] {1, 2, 3}));

    assertThatThrownBy(() -> Narrowing.differing(16, answers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 digests");
  }

  private static List<long[]> drifted(Random random, int leaves, int nodes) {
    long[] common = random.longs(leaves).toArray();
    List<long[]> all = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      long[] own = common.clone();
      int changes = random.nextInt(12);
      for (int i = 0; i < changes; i++) {
        own[random.nextInt(leaves)] += random.nextLong();
      }
      all.add(own);
    }
    return all;
  }

  /** What a run does: each level asks for the rows that the level above found. */
  private static List<Integer> narrow(int shards, List<long[]> leavesOfNodes) {
    List<Integer> rows = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      rows.add(shard);
    }
    int leavesPerCell = 256;
    for (int width : new int[] {SLOTS, 16, 16}) {
      List<Map<Integer, long[]>> answers = new ArrayList<>();
      for (long[] leaves : leavesOfNodes) {
        Map<Integer, long[]> answer = new HashMap<>();
        for (int row : rows) {
          answer.put(row, sums(leaves, row, width, leavesPerCell));
        }
        answers.add(answer);
      }
      rows = Narrowing.differing(width, answers);
      leavesPerCell /= 16;
    }
    return rows;
  }

  private static long[] sums(long[] leaves, int row, int width, int leavesPerCell) {
    long[] sums = new long[width];
    for (int cell = 0; cell < width; cell++) {
      int from = (row * width + cell) * leavesPerCell;
      for (int leaf = from; leaf < from + leavesPerCell; leaf++) {
        sums[cell] += leaves[leaf];
      }
    }
    return sums;
  }

  private static List<Integer> byBruteForce(List<long[]> leavesOfNodes) {
    TreeSet<Integer> differing = new TreeSet<>();
    for (int leaf = 0; leaf < leavesOfNodes.get(0).length; leaf++) {
      for (long[] leaves : leavesOfNodes) {
        if (leaves[leaf] != leavesOfNodes.get(0)[leaf]) {
          differing.add(leaf);
        }
      }
    }
    return List.copyOf(differing);
  }
}

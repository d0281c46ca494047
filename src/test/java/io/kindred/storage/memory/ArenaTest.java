package io.kindred.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Blocks keep their bytes, whatever is allocated, freed and moved around them. */
class ArenaTest {

  @Property(tries = 20)
  void blocksKeepTheirBytes(@ForAll long seed) {
    Random random = new Random(seed);
    Arena arena = new Arena();
    Map<Integer, byte[]> blocks = new HashMap<>();
    List<Integer> refs = new ArrayList<>();
    int mostly = 1 + random.nextInt(400);
    for (int step = 0; step < 20_000; step++) {
      boolean shrinking = step % 8000 > 5000;
      if (!refs.isEmpty() && random.nextInt(100) < (shrinking ? 80 : 30)) {
        int ref = refs.remove(random.nextInt(refs.size()));
        assertHolds(arena, ref, blocks.remove(ref));
        arena.free(ref);
      } else {
        int size = random.nextInt(random.nextInt(20) == 0 ? Arena.BLOCK_BYTES_MAX : mostly) + 1;
        byte[] content = new byte[size];
        random.nextBytes(content);
        int ref = arena.allocate(size);
        assertThat(ref).isPositive();
        assertThat(arena.capacity(ref)).isGreaterThanOrEqualTo(size);
        assertThat(arena.fits(ref, size)).isTrue();
        System.arraycopy(content, 0, arena.chunk(ref), arena.offset(ref), size);
        assertThat(blocks.put(ref, content)).isNull();
        refs.add(ref);
      }
      int sparsest = step % 500 == 0 ? arena.sparsest() : -1;
      if (sparsest >= 0) {
        long chunks = arena.chunkBytes();
        Map<Integer, byte[]> moved = new HashMap<>();
        arena.evacuate(
            sparsest,
            (from, to) -> {
              moved.put(to, blocks.remove(from));
              refs.remove((Integer) from);
              refs.add(to);
            });
        assertThat(moved).doesNotContainValue(null);
        blocks.putAll(moved);
        assertThat(arena.chunkBytes()).isLessThanOrEqualTo(chunks);
      }
    }
    blocks.forEach((ref, content) -> assertHolds(arena, ref, content));
    long live = refs.stream().mapToLong(ref -> arena.capacity(ref) + 2L).sum();
    assertThat(arena.liveBytes()).isEqualTo(live);
  }

  private static void assertHolds(Arena arena, int ref, byte[] content) {
    int at = arena.offset(ref);
    byte[] held = java.util.Arrays.copyOfRange(arena.chunk(ref), at, at + content.length);
    assertThat(held).isEqualTo(content);
  }
}

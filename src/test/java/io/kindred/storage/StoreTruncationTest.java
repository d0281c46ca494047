package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Elements;
import io.kindred.entry.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A whole store, of commands of all types, snapshots and a log, started from files that end at any
 * byte or of which a bit is flipped.
 */
class StoreTruncationTest {

  private static final long SEGMENT_BYTES = 900;

  /** How many bits are tried of a snapshot, nearly; all would take a minute. */
  private static final int BITS_PER_FILE = 120;

  /** What a client saw when the log ended there. */
  private record State(long end, RedisModel model) {}

  private final Random random = new Random(5);
  private final RandomCommands commands = new RandomCommands(random);
  private final List<State> states = new ArrayList<>();
  private final CrashingStore store;
  private final ModelledStore modelled;

  StoreTruncationTest() throws IOException {
    store = new CrashingStore(random, Fsync.EVERYSEC, SEGMENT_BYTES);
    modelled = new ModelledStore(store, Fsync.EVERYSEC, RandomCommands.KEYS);
    states.add(new State(0, modelled.model()));
  }

  @Test
  void aLogCutAtAnyByteGivesTheCommandsWhoseBatchesAreWhole() throws IOException {
    runTo(2_500);
    writeSnapshots(2);
    long snapshotted = store.end();
    // A segment of many batches, and of no value that is so large that it would take minutes.
    while (firstOfLast() <= snapshotted
        || store.end() - firstOfLast() < SEGMENT_BYTES / 2
        || store.end() - firstOfLast() > 2 * SEGMENT_BYTES) {
      runTo(store.end() + 1);
    }
    long first = firstOfLast();
    String name = Segment.nameOf(first);
    byte[] bytes = store.logDisk().bytes(name);
    long noted = SyncedNote.in(store.logDisk()).position();
    assertThat(noted).as("or nothing of it is known to be lost").isGreaterThan(first + 50);
    assertThat(store.end()).isEqualTo(first + bytes.length - Segment.HEADER_BYTES);

    for (int length = 0; length <= bytes.length; length++) {
      FaultyDisk cut = store.logDisk();
      cut.setBytes(name, Arrays.copyOf(bytes, length));
      boolean synced = length % 50 == 0;
      if (!synced) {
        // As if a crash had come before the first sync of it.
        cut.delete(SyncedNote.NAME);
      }
      CrashingStore found = store.startedFrom(cut, store.snapshotDisk());
      String where = "cut at " + length;
      long end = Math.max(first, first + length - Segment.HEADER_BYTES);
      assertThat(contents(found)).as(where).isEqualTo(contentsAt(end));
      assertThat(found.loaded()).as(where).isEqualTo(2);
      boolean lost = synced && wholeTo(end) < noted;
      assertThat(found.damages()).as(where).hasSize(lost ? 1 : 0);
      assertThat(found.lost()).as(where).hasSize(lost ? 4 : 0);
      assertThatDigestsAreThoseOfTheListings(found, where);
    }
  }

  @Test
  void anyFlippedBitOfASnapshotIsReportedAndCostsItsShardAlone() throws IOException {
    runTo(2_500);
    writeSnapshots(4);
    runTo(store.end() + SEGMENT_BYTES);
    assertThat(store.oldest()).as("the log alone is not enough").isPositive();
    SortedMap<String, String> expected = modelled.model().contents(store.millis());
    for (String name : store.snapshotDisk().list()) {
      int shard = Integer.parseInt(name.replaceAll("\\D.*", ""));
      byte[] bytes = store.snapshotDisk().bytes(name);
      int bits = bytes.length * 8;
      for (int bit = 0; bit < bits; bit += 1 + random.nextInt(1 + 2 * bits / BITS_PER_FILE)) {
        FaultyDisk rotten = store.snapshotDisk();
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        rotten.setBytes(name, flipped);
        CrashingStore found = store.startedFrom(store.logDisk(), rotten);
        String where = name + ", bit " + bit;
        assertThat(found.snapshotDamages()).as(where).hasSize(1);
        assertThat(found.snapshotDamages().get(0)).contains(name);
        assertThat(found.lost()).as(where).isEqualTo(Set.of(shard));
        assertThat(withoutShard(shard, contents(found)))
            .as(where)
            .isEqualTo(withoutShard(shard, expected));
        assertThatDigestsAreThoseOfTheListings(found, where);
      }
    }
  }

  /** Behind the last batch that ends at or before a position. */
  private long wholeTo(long position) {
    return states.stream().mapToLong(State::end).filter(end -> end <= position).max().orElseThrow();
  }

  /** Commands in batches of one to three, until the log is that long. */
  private void runTo(long end) {
    while (store.end() < end) {
      for (int some = 1 + random.nextInt(3); some > 0; some--) {
        modelled.run(commands.next(modelled));
      }
      store.turn();
      store.pass(random.nextInt(100));
      states.add(new State(store.end(), modelled.model()));
    }
  }

  private void writeSnapshots(int count) throws IOException {
    Set<String> before = Set.copyOf(store.snapshotDisk().list());
    while (published() < before.size() + count) {
      store.snapshotStep();
    }
  }

  private long published() {
    return store.snapshotDisk().list().stream().filter(name -> name.endsWith(".snapshot")).count();
  }

  private long firstOfLast() {
    List<String> segments = store.logDisk().list().stream().filter(Segment::isSegment).toList();
    return Long.parseLong(segments.get(segments.size() - 1).substring(0, 19));
  }

  private static SortedMap<String, String> contents(CrashingStore found) {
    return StoreContents.of(found, RandomCommands.KEYS).contents(found.millis());
  }

  /** As of the last batch that ends at or below a position. */
  private SortedMap<String, String> contentsAt(long end) {
    State last = states.get(0);
    for (State state : states) {
      last = state.end() <= end ? state : last;
    }
    return last.model().contents(store.millis());
  }

  private static SortedMap<String, String> withoutShard(
      int shard, SortedMap<String, String> contents) {
    SortedMap<String, String> others = new TreeMap<>(contents);
    others.keySet().removeIf(key -> shardOf(key) == shard);
    return others;
  }

  private static int shardOf(String key) {
    return CrashingStore.SHARDS.shardOf(Elements.key(key).slot());
  }

  private static void assertThatDigestsAreThoseOfTheListings(CrashingStore found, String where) {
    long[] kept = new long[Slot.COUNT];
    long[] listed = new long[Slot.COUNT];
    for (ShardStore shard : found.stores()) {
      for (int slot : shard.filledSlots()) {
        shard.forEachElement(
            slot, element -> listed[element.key().slot()] += element.digest(CrashingStore.RING_ID));
      }
    }
    List<ShardStore> stores = found.stores();
    for (int slot = 0; slot < Slot.COUNT; slot++) {
      kept[slot] = stores.get(CrashingStore.SHARDS.shardOf(slot)).digests().slot(slot);
    }
    assertThat(kept).as(where).isEqualTo(listed);
  }
}

package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import io.kindred.ring.Shards;
import io.kindred.storage.FaultyDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.kindred.storage.snapshot.SnapshotHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a shard's actor does with a key that has more parts than it may visit at once. */
class HugeKeysTest {

  private static final Key HUGE = Elements.key("{k}huge");
  private static final int FIELDS = 20_000;

  private final FaultyDisk disk = new FaultyDisk();
  private final ShardStore store = new ShardStore(0, Slot.COUNT - 1, 7);
  private BehaviorTestKit<ShardProtocol.Command> actor;
  private long time;

  @BeforeEach
  void fill() throws IOException {
    FileLaneLog log =
        FileLaneLog.open(
            disk,
            Fsync.EVERYSEC,
            1 << 20,
            Runnable::run,
            Runnable::run,
            (shard, own, element) -> {},
            found -> {});
    HybridClock clock = new HybridClock(() -> 1_000, at -> at + (1L << 40), 0);
    ShardDesk desk = new ShardDesk(new Shard(0, store, log, clock, () -> 1_000, 5), new Shards(1));
    actor = BehaviorTestKit.create(ShardActor.create(desk, log));
    for (int i = 0; i < FIELDS; i++) {
      write(i);
    }
    for (int i = 0; i < 2_000; i++) {
      store.merge(Element.string(Elements.key("{k}" + i), new Version(5, 1), new byte[10]));
    }
  }

  private void write(int field) {
    byte[] name = Elements.text("field-" + field);
    store.merge(Element.field(HUGE, name, new Version(++time, 1), name));
  }

  @Test
  void aSnapshotIsMadeOfSlicesWhateverIsWrittenMeanwhile() throws IOException {
    SnapshotHead head = new SnapshotHead(7, 0, 0, 1, 0, 0, 0);
    SnapshotDirectory directory = SnapshotDirectory.open(disk);
    Set<Element> throughout = new HashSet<>(listing());
    Random random = new Random(3);
    int readings = 0;
    try (SnapshotInWriting writing =
        new SnapshotInWriting(directory, head, new LeafWalk(store.filledSlots()))) {
      LeafWalk walk = writing.walk();
      while (!walk.leaves().isEmpty()) {
        ShardProtocol.Elements read = read(walk);
        assertThat(read.elements()).hasSizeLessThanOrEqualTo(1_024);
        writing.put(read);
        readings++;
        write(random.nextInt(2 * FIELDS));
      }
      writing.publish(0);
    }
    assertThat(readings).isBetween((FIELDS + 2_000) / 1_024, FIELDS / 1_024 + 10);
    throughout.retainAll(new HashSet<>(listing()));
    assertThat(throughout).hasSizeGreaterThan(FIELDS);
    List<Element> found = new ArrayList<>();
    directory.load(0, 7, found::add);
    assertThat(found).containsAll(throughout);
  }

  private ShardProtocol.Elements read(LeafWalk walk) {
    TestInbox<ShardProtocol.Elements> inbox = TestInbox.create();
    actor.run(new ShardProtocol.ReadElements(walk.leaves(), walk.from(), inbox.getRef()));
    return inbox.receiveMessage();
  }

  private List<Element> listing() {
    List<Element> listing = new ArrayList<>();
    store.forEachElement(HUGE.slot(), listing::add);
    return listing;
  }
}

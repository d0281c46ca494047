package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sender and a receiver of one lane on one thread, from one seed: the production rules over a
 * network that loses, repeats and reorders, and two nodes that restart, cleanly or not. After every
 * event: no cursor is ahead of the truth. At the end, once quiet: everything has come.
 */
class FeedSimulationTest {

  private static final int SEEDS_EACH = 40;
  private static final int EVENTS = 600;

  @ParameterizedTest
  @ValueSource(longs = {1, 1_000_000, 2_000_000, 3_000_000})
  void everythingSentIsAppliedAndNoCursorIsAheadOfIt(long firstSeed) {
    for (long seed = firstSeed; seed < firstSeed + SEEDS_EACH; seed++) {
      try {
        new World(seed).run();
      } catch (RuntimeException | AssertionError broken) {
        fail("seed " + seed, broken);
      }
    }
  }

  /** An entry of the sender's log: what it is, and where it ends. */
  private record Entry(long id, boolean own, long end) {}

  private static final class World {
    private static final FeedSettings SETTINGS =
        new FeedSettings(
            200,
            6,
            24,
            Long.MAX_VALUE,
            java.time.Duration.ofMillis(100),
            java.time.Duration.ofMillis(400),
            java.time.Duration.ZERO);

    private final Random random;
    private long now;
    private boolean faulty = true;

    private final List<Runnable> network = new ArrayList<>();

    private final List<Entry> log = new ArrayList<>();
    private int logSynced;
    private long generation = 1;
    private long ids;
    private long boot = 1;
    private long sessionCount;
    private Cursor stored = Cursor.at(1, 0);
    private LaneFeed feed;
    private long epoch = 1;

    private long inboxes = 1;
    private InboxProgress progress = new InboxProgress(inboxes);
    private final List<Long> kept = new ArrayList<>();
    private int keptSynced;
    private final Set<Long> everKept = new HashSet<>();
    private final List<Runnable> merging = new ArrayList<>();

    World(long seed) {
      random = new Random(seed);
      feed = newFeed();
    }

    private LaneFeed newFeed() {
      return new LaneFeed(
          stored.inLog(generation, end()), epoch, SETTINGS, 1, () -> (boot << 32) + ++sessionCount);
    }

    private long end() {
      return log.isEmpty() ? 0 : log.get(log.size() - 1).end();
    }

    void run() {
      for (int event = 0; event < EVENTS; event++) {
        step(random.nextInt(100));
        check();
      }
      faulty = false;
      for (int round = 0; round < 20_000 && !isQuiet(); round++) {
        step(30 + random.nextInt(60));
        check();
      }
      assertThat(feed.cursor()).isEqualTo(Cursor.at(generation, end()));
      assertThat(progress.reached(generation, end())).isTrue();
      assertThat(progress.fedUnder(epoch)).isTrue();
      assertThat(kept).containsAll(ownBelow(end()));
    }

    private boolean isQuiet() {
      return feed.cursor().equals(Cursor.at(generation, end())) && progress.fedUnder(epoch);
    }

    private void step(int dice) {
      if (dice < 25) {
        write();
      } else if (dice < 30) {
        logSynced = log.size();
      } else if (dice < 50) {
        pump();
      } else if (dice < 75) {
        deliver();
      } else if (dice < 83) {
        finishAMerge();
      } else if (dice < 86) {
        keptSynced = kept.size();
      } else if (dice < 90) {
        now += 10 + random.nextInt(90);
        feed.onTime(now);
        answer();
      } else if (dice < 93) {
        stored = feed.cursor();
      } else if (dice < 94) {
        inboxForgets();
      } else if (dice < 95) {
        receiverLosesItsTail();
      } else if (dice < 96) {
        senderRestarts();
      } else if (dice < 97) {
        senderLosesItsTail();
      } else if (dice < 98) {
        epoch++;
        feed.rewind((long) (random.nextDouble() * end()), epoch);
      } else if (dice < 99) {
        feed.announce(++epoch);
      } else {
        network.clear();
      }
    }

    private void write() {
      log.add(new Entry(++ids, random.nextInt(3) > 0, end() + 1 + random.nextInt(20)));
    }

    private void pump() {
      for (int turn = 0; turn < 3; turn++) {
        if (feed.wantsSpan() && feed.loaded() < end()) {
          feed.load(nextSpan(feed.loaded()));
        }
        Optional<LaneFeed.Send> send = feed.next(now);
        send.ifPresent(this::toReceiver);
      }
    }

    private Span nextSpan(long from) {
      List<Long> carried = new ArrayList<>();
      long to = from;
      int most = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 4);
      for (Entry entry : log) {
        if (entry.end() > from && most-- > 0) {
          to = entry.end();
          if (entry.own()) {
            carried.add(entry.id());
          }
        }
      }
      ByteBuffer bytes = ByteBuffer.allocate(8 * carried.size());
      carried.forEach(bytes::putLong);
      return new Span(from, to, bytes.array());
    }

    private void toReceiver(LaneFeed.Send send) {
      long ofGeneration = generation;
      carry(
          () -> {
            if (send instanceof LaneFeed.Hello hello) {
              progress.onHello(ofGeneration, hello);
            } else if (send instanceof LaneFeed.Carry carry) {
              InboxProgress receiver = progress;
              receiver
                  .onPiece(carry.session(), 0, carry.piece())
                  .ifPresent(span -> merging.add(() -> merge(receiver, carry.session(), span)));
            }
            answer();
          });
    }

    private void merge(InboxProgress receiver, long session, Span span) {
      ByteBuffer ids = ByteBuffer.wrap(span.bytes());
      while (ids.hasRemaining()) {
        long id = ids.getLong();
        kept.add(id);
        everKept.add(id);
      }
      receiver.onMerged(session, span);
      answer();
    }

    private void answer() {
      progress.onLocalLogs(new long[] {kept.size()}, new long[] {keptSynced});
      Receipt receipt = progress.receipt();
      carry(() -> feed.onReceipt(receipt, now));
    }

    private void carry(Runnable message) {
      if (faulty && random.nextInt(8) == 0) {
        return;
      }
      network.add(message);
      if (faulty && random.nextInt(8) == 0) {
        network.add(message);
      }
      while (network.size() > 60) {
        network.remove(0);
      }
    }

    private void deliver() {
      for (int message = 0; message < 3 && !network.isEmpty(); message++) {
        boolean inOrder = !faulty || random.nextInt(4) > 0;
        network.remove(inOrder ? 0 : random.nextInt(network.size())).run();
      }
    }

    private void finishAMerge() {
      if (!merging.isEmpty()) {
        merging.remove(random.nextInt(merging.size())).run();
      }
    }

    private void inboxForgets() {
      progress = new InboxProgress(++inboxes);
    }

    private void receiverLosesItsTail() {
      merging.clear();
      int left = keptSynced + random.nextInt(kept.size() - keptSynced + 1);
      kept.subList(left, kept.size()).clear();
      keptSynced = left;
      inboxForgets();
    }

    private void senderRestarts() {
      boot++;
      logSynced = log.size();
      feed = newFeed();
    }

    private void senderLosesItsTail() {
      boot++;
      generation++;
      int left = logSynced + random.nextInt(log.size() - logSynced + 1);
      log.subList(left, log.size()).clear();
      logSynced = left;
      feed = newFeed();
    }

    private void check() {
      Cursor cursor = feed.cursor();
      assertThat(cursor.applied()).isLessThanOrEqualTo(end());
      assertThat(everKept).as("applied cursor %s", cursor).containsAll(ownBelow(cursor.applied()));
      assertThat(new HashSet<>(kept.subList(0, keptSynced)))
          .as("synced cursor %s", cursor)
          .containsAll(ownBelow(cursor.synced()));
      Receipt receipt = progress.receipt();
      if (receipt.generation() == generation) {
        assertThat(kept).as("receipt %s", receipt).containsAll(ownBelow(receipt.applied()));
      }
    }

    private List<Long> ownBelow(long position) {
      return log.stream()
          .filter(entry -> entry.own() && entry.end() <= position)
          .map(Entry::id)
          .toList();
    }
  }
}

package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Commands;
import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Whenever the owners purge, before or behind what else arrives, they end with the same; and nobody
 * ever sees another thing than without purging.
 */
class PurgeLawsTest {

  private static final long START = 1_000_000;
  private static final List<String> NAMES = List.of("a", "b");

  /**
   * The rules of purging, each of which can be switched off.
   *
   * @param settled nothing is purged before what was written before adoption has arrived
   * @param lateMarks what ended a key without a mark of its own is told to the others
   * @param dropsKnown what a feed brings again is dropped
   */
  private record Rules(boolean settled, boolean lateMarks, boolean dropsKnown) {
    static final Rules ALL = new Rules(true, true, true);
  }

  /** An owner as it purges, and what it would be if it never did. */
  private static final class Owner {
    final MemoryLog log = new MemoryLog();
    final ShardStore store = new ShardStore(0, 16_383, 7);
    final ShardStore unpurged = new ShardStore(0, 16_383, 7);
    final long origin;
    final Shard shard;
    final List<Integer> heard = new ArrayList<>();
    final Rules rules;
    final List<Element> untold = new ArrayList<>();
    long now = START;

    Owner(int node, Rules rules) {
      this.rules = rules;
      origin = new Origin(node, 1).bits();
      HybridClock clock = new HybridClock(() -> now, time -> Long.MAX_VALUE, 0);
      shard = new Shard(0, store, log, clock, () -> now, origin);
    }

    void run(String... words) {
      byte[][] args =
          Arrays.stream(words)
              .map(word -> word.getBytes(StandardCharsets.US_ASCII))
              .toArray(byte[][]::new);
      int before = log.entries.size();
      assertThat(Commands.inShard(args[0]).orElseThrow().run(shard, args)).isNotNull();
      log.entries.subList(before, log.entries.size()).forEach(e -> unpurged.merge(e.element()));
    }

    List<Element> own() {
      return log.entries.stream()
          .filter(MemoryLog.Entry::own)
          .map(MemoryLog.Entry::element)
          .toList();
    }

    /** Takes some of what another logged, in its order. */
    void hear(Owner other, int which, int upTo) {
      while (heard.size() <= which) {
        heard.add(0);
      }
      List<Element> own = other.own();
      for (int i = heard.get(which); i < Math.min(upTo, own.size()); i++) {
        if (other.untold.contains(own.get(i))) {
          continue;
        }
        if (rules.dropsKnown()) {
          shard.mergeFed(own.get(i));
        } else {
          shard.merge(own.get(i));
        }
        unpurged.merge(own.get(i));
      }
      heard.set(which, Math.max(heard.get(which), Math.min(upTo, own.size())));
    }

    void purge() {
      int before = log.entries.size();
      for (int round = 0; round < 3; round++) {
        ExpirySweep sweep = new ExpirySweep(shard);
        while (!sweep.isDone()) {
          sweep.turn();
        }
      }
      List<MemoryLog.Entry> marks = log.entries.subList(before, log.entries.size());
      marks.forEach(e -> unpurged.merge(e.element()));
      if (!rules.lateMarks()) {
        marks.forEach(e -> untold.add(e.element()));
      }
    }

    /** A feed that goes back to its beginning. */
    void hearAgain(Owner other) {
      other.own().forEach(rules.dropsKnown() ? shard::mergeFed : shard::merge);
    }

    List<Element> listing() {
      List<Element> all = new ArrayList<>();
      NAMES.forEach(
          name -> {
            Key key = Key.of(name.getBytes(StandardCharsets.US_ASCII));
            store.forEachElement(key.slot(), all::add);
          });
      return all;
    }
  }

  private static String[] command(Random random, long now) {
    String key = NAMES.get(random.nextInt(NAMES.size()));
    String part = "p" + random.nextInt(3);
    String at = Long.toString(now + random.nextInt(300));
    return switch (random.nextInt(14)) {
      case 0 -> new String[] {"SET", key, "" + random.nextInt(100)};
      case 1 -> new String[] {"SET", key, "1", "PXAT", at};
      case 2, 3 -> new String[] {"DEL", key};
      case 4, 5 -> new String[] {"INCR", key};
      case 6 -> new String[] {"HSET", key, part, "5"};
      case 7 -> new String[] {"HDEL", key, part};
      case 8 -> new String[] {"HINCRBY", key, part, "1"};
      case 9 -> new String[] {"SADD", key, part};
      case 10 -> new String[] {"SREM", key, part};
      case 11 -> new String[] {"LPUSH", key, part};
      case 12 -> new String[] {"RPOP", key};
      default -> new String[] {"PEXPIREAT", key, at};
    };
  }

  @Property(tries = 3000)
  void ownersThatPurgeAtDifferentMomentsEndEqual(@ForAll long seed) {
    run(seed, Rules.ALL);
  }

  @Test
  void purgingBeforeAllIsSettledIsNoticed() {
    assertNoticed(new Rules(false, true, true));
  }

  @Test
  void lateMarksThatStayAtHomeAreNoticed() {
    assertNoticed(new Rules(true, false, true));
  }

  @Test
  void takingAgainWhatIsKnownIsNoticed() {
    assertNoticed(new Rules(true, true, false));
  }

  private static void assertNoticed(Rules broken) {
    boolean noticed = false;
    for (long seed = 1; seed <= 2_000 && !noticed; seed++) {
      try {
        run(seed, broken);
      } catch (AssertionError broke) {
        noticed = true;
      }
    }
    assertThat(noticed).as("a history that breaks under " + broken).isTrue();
  }

  private static void run(long seed, Rules rules) {
    Random random = new Random(seed);
    List<Owner> owners = List.of(new Owner(1, rules), new Owner(2, rules), new Owner(3, rules));
    for (int round = 0; round < 6; round++) {
      write(random, owners, random.nextInt(8));
      long known = HybridClock.ofMillis(owners.get(0).now + 1) - 1;
      List<Integer> ends = owners.stream().map(owner -> owner.own().size()).toList();
      tick(owners, 2);
      // Writes that may be unaware of what is about to be adopted.
      write(random, owners, random.nextInt(4));
      everybodyHears(owners, ends);
      owners.forEach(owner -> owner.shard.adopt(known));
      if (rules.settled()) {
        long clock =
            owners.stream().mapToLong(owner -> owner.shard.clockTime()).max().orElseThrow();
        tick(owners, 1);
        write(random, owners, random.nextInt(4));
        everybodyHearsEverything(owners);
        owners.forEach(owner -> owner.shard.adopt(clock));
      }
      write(random, owners, random.nextInt(6));
      for (Owner owner : shuffled(random, owners)) {
        owner.shard.purgeUpTo(known);
        owner.purge();
        write(random, owners, random.nextInt(3));
        hearSomething(random, owners);
      }
      if (random.nextInt(3) == 0) {
        owners.get(0).hearAgain(owners.get(1));
      }
      everybodyHearsEverything(owners);
      // Late marks may have come to where a purge was before.
      owners.forEach(Owner::purge);
      everybodyHearsEverything(owners);
      owners.forEach(Owner::purge);
      for (Owner other : owners) {
        assertThat(other.listing()).isEqualTo(owners.get(0).listing());
        assertThat(other.store.digests().whole()).isEqualTo(owners.get(0).store.digests().whole());
        assertSeesTheSame(other);
        assertNoDrift(other.store);
      }
    }
    quiet(owners);
  }

  /** Where all that is left is dead nothing is left. */
  private static void quiet(List<Owner> owners) {
    NAMES.forEach(name -> owners.get(0).run("DEL", name));
    everybodyHearsEverything(owners);
    tick(owners, 1000);
    long known = HybridClock.ofMillis(owners.get(0).now) - 1;
    owners.forEach(owner -> owner.shard.adopt(known));
    owners.forEach(owner -> owner.shard.purgeUpTo(known));
    owners.forEach(Owner::purge);
    for (Owner owner : owners) {
      assertThat(owner.listing()).isEmpty();
      assertThat(owner.store.tombstoneCount()).isZero();
      assertThat(owner.store.keyCount()).isZero();
      assertThat(owner.store.estimatedBytes()).isZero();
    }
  }

  private static void assertSeesTheSame(Owner owner) {
    for (String name : NAMES) {
      Key key = Key.of(name.getBytes(StandardCharsets.US_ASCII));
      List<Element> unpurged = new ArrayList<>();
      owner.unpurged.forEachElement(key.slot(), unpurged::add);
      assertThat(owner.store.type(key, owner.now))
          .as("%s of %s, never purged %s", name, owner.listing(), unpurged)
          .isEqualTo(owner.unpurged.type(key, owner.now));
      assertThat(owner.store.string(key, owner.now))
          .isEqualTo(owner.unpurged.string(key, owner.now));
      for (int i = 0; i < 3; i++) {
        byte[] part = ("p" + i).getBytes(StandardCharsets.US_ASCII);
        assertThat(owner.store.field(key, part, owner.now))
            .isEqualTo(owner.unpurged.field(key, part, owner.now));
      }
      assertThat(owner.store.memberCount(key, owner.now))
          .isEqualTo(owner.unpurged.memberCount(key, owner.now));
      assertThat(owner.store.itemCount(key, owner.now))
          .isEqualTo(owner.unpurged.itemCount(key, owner.now));
    }
  }

  private static void assertNoDrift(ShardStore store) {
    DigestAudit audit = new DigestAudit(store);
    while (!audit.isDone()) {
      assertThat(audit.turn()).isEmpty();
    }
  }

  private static void write(Random random, List<Owner> owners, int commands) {
    for (int i = 0; i < commands; i++) {
      tick(owners, 1 + random.nextInt(40));
      Owner owner = owners.get(random.nextInt(owners.size()));
      owner.run(command(random, owner.now));
      if (random.nextInt(3) == 0) {
        hearSomething(random, owners);
      }
    }
  }

  private static void tick(List<Owner> owners, long millis) {
    owners.forEach(owner -> owner.now += millis);
  }

  private static void hearSomething(Random random, List<Owner> owners) {
    Owner to = owners.get(random.nextInt(owners.size()));
    int from = random.nextInt(owners.size());
    if (owners.get(from) != to) {
      to.hear(owners.get(from), from, random.nextInt(owners.get(from).own().size() + 1));
    }
  }

  private static void everybodyHearsEverything(List<Owner> owners) {
    everybodyHears(owners, Collections.nCopies(owners.size(), Integer.MAX_VALUE));
  }

  private static void everybodyHears(List<Owner> owners, List<Integer> upTo) {
    for (Owner to : owners) {
      for (int from = 0; from < owners.size(); from++) {
        if (owners.get(from) != to) {
          to.hear(owners.get(from), from, upTo.get(from));
        }
      }
    }
  }

  private static List<Owner> shuffled(Random random, List<Owner> owners) {
    List<Owner> some = new ArrayList<>(owners);
    Collections.shuffle(some, random);
    return some;
  }
}

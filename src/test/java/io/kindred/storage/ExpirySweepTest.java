package io.kindred.storage;

import static io.kindred.entry.Elements.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Commands;
import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A key that has expired is gone as if it had never been, once nobody can bring it back. */
class ExpirySweepTest {

  private long now = 1_000_000;
  private final MemoryLog log = new MemoryLog();
  private final ShardStore store = new ShardStore(0, 16_383, 7);
  private final HybridClock clock = new HybridClock(() -> now, time -> time + (1L << 40), 0);
  private final Shard shard = new Shard(0, store, log, clock, () -> now, 5);

  private void sweepAll() {
    // What a sweep moved is looked at by the next.
    for (int round = 0; round < 3; round++) {
      ExpirySweep sweep = new ExpirySweep(shard);
      while (!sweep.isDone()) {
        sweep.turn();
      }
    }
  }

  /** As commands do: what an expiry ended is ended for good before something new is written. */
  private Version stamp(Key key) {
    long passed = store.passedExpiry(key, now);
    if (passed > 0) {
      shard.write(Element.clearByExpiry(key, passed));
    }
    return shard.stamp(key, now);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void set(String name, String value, long expiresAt) {
    Key key = key(name);
    shard.writeString(key, stamp(key), bytes(value), expiresAt);
  }

  private void addMember(String name, String member) {
    Key key = key(name);
    shard.write(Element.member(key, bytes(member), stamp(key)));
  }

  private void expire(String name, long at) {
    Key key = key(name);
    if (store.type(key, now) != KeyType.NONE) {
      shard.write(Element.expiry(key, stamp(key), at));
    }
  }

  private void assertNoDrift() {
    DigestAudit audit = new DigestAudit(store);
    while (!audit.isDone()) {
      assertThat(audit.turn()).isEmpty();
    }
  }

  @Test
  void expiredKeysOfAllKindsAndSizesLeaveNothing() {
    shard.ownAlone();
    long empty = store.memory().blocks();
    for (int i = 0; i < 500; i++) {
      set("{tag}" + i, "v".repeat(i * 10), now + 1_000 + i);
      addMember("s" + i, "m");
      expire("s" + i, now + 500);
    }
    for (int i = 0; i < 3_000; i++) {
      addMember("large", "member-" + i);
    }
    expire("large", now + 700);
    set("stays", "v", Element.NEVER);
    sweepAll();
    assertThat(store.keyCount()).isEqualTo(1_002);

    now += 2_000;
    sweepAll();

    assertThat(store.keyCount()).isEqualTo(1);
    assertThat(store.tombstoneCount()).isZero();
    assertThat(store.estimatedBytes()).isEqualTo("stays".length() + 1);
    assertThat(store.memory().large()).isZero();
    assertThat(store.memory().blocks() - empty).isLessThan(64);
    assertThat(store.filledSlots()).containsExactly(key("stays").slot());
    assertNoDrift();
  }

  @Test
  void whatASweepThatIsLeftOffHadNotComeToIsFoundByTheNext() {
    shard.ownAlone();
    for (int i = 0; i < 2_000; i++) {
      set("{tag}" + i, "v", now + 10);
    }
    now += 1_000;
    ExpirySweep sweep = new ExpirySweep(shard);
    assertThat(sweep.isDone()).isFalse();
    sweep.turn();
    assertThat(sweep.isDone()).isFalse();
    sweep.leaveOff();
    sweepAll();
    assertThat(store.keyCount()).isZero();
  }

  @Test
  void whatMayStillBeProlongedByOthersStays() {
    set("k", "v", now + 10);
    now += 1_000;
    sweepAll();
    assertThat(store.keyCount()).isEqualTo(1);
    // Another rack had prolonged it in time.
    store.merge(Element.expiry(key("k"), new Version(HybridClock.ofMillis(now), 9), now + 9_000));
    assertThat(store.type(key("k"), now)).isEqualTo(KeyType.STRING);
  }

  @Test
  void whatOutlivesItsExpiryStays() {
    shard.ownAlone();
    addMember("s", "old");
    expire("s", now + 10);
    now += 1_000;
    addMember("s", "new");
    sweepAll();
    assertThat(store.hasMember(key("s"), bytes("new"), now)).isTrue();
    assertThat(store.hasMember(key("s"), bytes("old"), now)).isFalse();
    ExpirySweep again = new ExpirySweep(shard);
    assertThat(again.isDone()).describedAs("nothing is looked at over and over").isTrue();
  }

  @Test
  void aKeyWrittenInTheMillisecondOfItsExpiryIsNotLostByAReplay() {
    shard.ownAlone();
    addMember("s", "old");
    expire("s", now + 10);
    now += 10;
    sweepAll();
    addMember("s", "new");
    List<Element> logged = log.entries.stream().map(MemoryLog.Entry::element).toList();
    ShardStore replayed = new ShardStore(0, 16_383, 7);
    logged.forEach(replayed::merge);
    assertThat(replayed.hasMember(key("s"), bytes("new"), now)).isTrue();
  }

  @Test
  void deletedKeysLeaveNothing() {
    shard.ownAlone();
    for (int i = 0; i < 200; i++) {
      set("k" + i, "v", Element.NEVER);
      addMember("s" + i, "m");
    }
    for (int i = 0; i < 200; i++) {
      shard.write(Element.clear(key("k" + i), stamp(key("k" + i))));
      shard.write(Element.clear(key("s" + i), stamp(key("s" + i))));
    }
    assertThat(store.tombstoneCount()).isEqualTo(400);
    sweepAll();
    assertThat(store.tombstoneCount()).isZero();
    assertThat(store.filledSlots()).isEmpty();
    assertThat(store.estimatedBytes()).isZero();
    assertThat(store.digests().whole()).isZero();
  }

  @Test
  void aLaterExpiryDoesNotBringBackOnAReplayWhatAnEarlierOneEnded() {
    shard.ownAlone();
    addMember("s", "old");
    expire("s", now + 10);
    now += 1_000;
    sweepAll();
    addMember("s", "new");
    expire("s", now + 9_000);
    ShardStore replayed = new ShardStore(0, 16_383, 7);
    log.entries.forEach(entry -> replayed.merge(entry.element()));
    assertThat(replayed.hasMember(key("s"), bytes("new"), now)).isTrue();
    assertThat(replayed.hasMember(key("s"), bytes("old"), now)).isFalse();
  }

  @Test
  void whatIsCountedOnAForgottenKeyIsNotLostByAReplay() {
    shard.ownAlone();
    for (String[] command :
        new String[][] {{"INCR", "c"}, {"HINCRBY", "h", "f", "1"}, {"ZINCRBY", "z", "1", "m"}}) {
      run(command);
      expire(command[1], now + 10);
      now += 1_000;
      sweepAll();
      run(command);
    }
    assertReplaySeesTheSame(List.of("c", "h", "z"));
  }

  @Test
  void norWhereTheKeyBecameKnownByAnotherWriteBefore() {
    shard.ownAlone();
    for (String key : List.of("h", "z", "c", "d")) {
      run("SET", key, "v");
      run("DEL", key);
    }
    sweepAll();
    assertThat(store.filledSlots()).isEmpty();
    run("HSET", "h", "g", "1");
    run("HINCRBY", "h", "f", "5");
    run("ZADD", "z", "1", "b");
    run("ZINCRBY", "z", "5", "a");
    run("SADD", "c", "a");
    run("SREM", "c", "a");
    run("INCR", "c");
    run("INCR", "d");
    run("PEXPIREAT", "d", Long.toString(now + 60_000));
    assertReplaySeesTheSame(List.of("h", "z", "c", "d"));
    assertThat(store.string(key("c"), now)).isEqualTo(bytes("1"));
  }

  private void assertReplaySeesTheSame(List<String> names) {
    ShardStore replayed = new ShardStore(0, 16_383, 7);
    log.entries.forEach(entry -> replayed.merge(entry.element()));
    SweptMarks.forget(replayed);
    for (String name : names) {
      Key key = key(name);
      assertThat(replayed.type(key, now)).as(name).isEqualTo(store.type(key, now));
      assertThat(replayed.string(key, now)).as(name).isEqualTo(store.string(key, now));
      assertThat(replayed.field(key, bytes("f"), now))
          .as(name)
          .isEqualTo(store.field(key, bytes("f"), now));
      assertThat((Object) replayed.score(key, bytes("a"), now))
          .as(name)
          .isEqualTo(store.score(key, bytes("a"), now));
      assertThat(replayed.memberCount(key, now)).isEqualTo(store.memberCount(key, now));
      assertThat(replayed.expiryAt(key, now)).isEqualTo(store.expiryAt(key, now));
    }
    DigestAudit audit = new DigestAudit(replayed);
    while (!audit.isDone()) {
      assertThat(audit.turn()).isEmpty();
    }
  }

  @Test
  void aReplayAtAnyTimeSeesWhatTheSweptStoreShows() {
    shard.ownAlone();
    Random random = new Random(3);
    List<String> names = List.of("a", "b", "{a}c", "{a}d");
    for (int step = 0; step < 3_000; step++) {
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(9)) {
        case 0 -> run("INCR", name);
        case 1 -> run("HINCRBY", name, "f", "2");
        case 2 -> run("ZINCRBY", name, "2", "a");
        case 3 -> run("HSET", name, "g", "v");
        case 4 -> run("SADD", name, "m" + random.nextInt(3));
        case 5 -> run("DEL", name);
        case 6 -> run("PEXPIREAT", name, Long.toString(now + random.nextInt(200)));
        case 7 -> run("SET", name, "7");
        default -> now += random.nextInt(60);
      }
      if (random.nextInt(10) == 0) {
        sweepAll();
      }
      if (random.nextInt(40) == 0) {
        assertReplaySeesTheSame(names);
      }
    }
  }

  private void run(String... command) {
    byte[][] args = Arrays.stream(command).map(ExpirySweepTest::bytes).toArray(byte[][]::new);
    assertThat(Commands.inShard(args[0]).orElseThrow().run(shard, args)).isNotNull();
  }

  @Test
  void readersSeeTheSameWithAndWithoutIt() {
    shard.ownAlone();
    ShardStore unswept = new ShardStore(0, 16_383, 7);
    Random random = new Random(11);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      names.add(i % 2 == 0 ? "{t}" + i : "k" + i);
    }
    int before = 0;
    for (int step = 0; step < 6_000; step++) {
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(6)) {
        case 0 -> set(name, "v" + step, now + random.nextInt(300));
        case 1 -> set(name, "v" + step, Element.NEVER);
        case 2 -> expire(name, now + random.nextInt(300));
        case 3 -> addMember(name, "m" + random.nextInt(5));
        case 4 -> shard.write(Element.clear(key(name), stamp(key(name))));
        default -> now += random.nextInt(20);
      }
      log.entries
          .subList(before, log.entries.size())
          .forEach(entry -> unswept.merge(entry.element()));
      before = log.entries.size();
      if (random.nextInt(50) == 0) {
        sweepAll();
        for (String each : names) {
          assertThat(store.string(key(each), now)).isEqualTo(unswept.string(key(each), now));
          assertThat(store.type(key(each), now)).isEqualTo(unswept.type(key(each), now));
          assertThat(store.memberCount(key(each), now))
              .isEqualTo(unswept.memberCount(key(each), now));
        }
      }
    }
    assertNoDrift();
  }
}

package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power is cut at random steps, again and again, while commands run and snapshots are written.
 * Policy always loses nothing that was answered; everysec nothing older than a second, as the syncs
 * here take no time; and no policy ever shows a value that was not written. Some values are so
 * large that the log packs them, or tries to. {@code -Dkindred.power-cuts=1000} for more of each
 * policy, with a seed that is printed.
 */
class PowerCutTest {

  private static final int CUTS = Integer.getInteger("kindred.power-cuts", 20);
  private static final int FIXED_CUTS = 12;
  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f");
  private static final List<String> FIELDS = List.of("x", "y", "z");

  @Test
  void nothingPromisedIsLostAndNothingWrongIsRead() throws IOException {
    long fresh = System.nanoTime();
    System.out.println("power cuts, fresh seed " + fresh);
    for (Fsync fsync : Fsync.values()) {
      CrashingStore.Batches found = new CrashingStore.Batches(0, 0, 0, 0);
      // What is required of all runs together is required of those that are the same each time.
      for (long seed = 1; seed <= 3; seed++) {
        found = found.plus(new Run(fsync, seed).cutThePower(FIXED_CUTS));
      }
      assertThat(found.packed()).as("packed, %s", fsync).isPositive();
      assertThat(found.largePlain()).as("large and not packed, %s", fsync).isPositive();
      assertThat(found.mixed()).as("both in a file, %s", fsync).isPositive();
      if (fsync == Fsync.ALWAYS) {
        assertThat(found.packedOverZeros()).isPositive();
      }
      // Each run is of one kind of segments, and of one or of more owners.
      for (int cuts = 0, run = 0; cuts < CUTS; cuts += 10, run++) {
        new Run(fsync, fresh + run).cutThePower(Math.min(10, CUTS - cuts));
      }
    }
  }

  /** One value after another that a register had; a register is a string or a hash's field. */
  private static final class Register {
    final List<String> values = new ArrayList<>(List.of("-"));
    final List<Integer> since = new ArrayList<>(List.of(0));

    void put(String value, int operation) {
      values.add(value);
      since.add(operation);
    }

    String now() {
      return values.get(values.size() - 1);
    }

    /** What may be found if all operations up to this one must be there. */
    List<String> allowed(int required) {
      int from = values.size() - 1;
      while (since.get(from) > required) {
        from--;
      }
      return values.subList(from, values.size());
    }
  }

  private static final class Run {
    private final Fsync fsync;
    private final long seed;
    private final Random random;
    private final CrashingStore store;
    private Map<String, Register> registers = new HashMap<>();
    private int operations;
    // By operation: when it was answered.
    private final Map<Integer, Long> answered = new HashMap<>();

    Run(Fsync fsync, long seed) throws IOException {
      this.fsync = fsync;
      this.seed = seed;
      this.random = new Random(seed);
      this.store = new CrashingStore(random, fsync);
    }

    /** What the log held after the cuts. */
    CrashingStore.Batches cutThePower(int times) throws IOException {
      CrashingStore.Batches found = new CrashingStore.Batches(0, 0, 0, 0);
      for (int cut = 1; cut <= times; cut++) {
        for (int steps = random.nextInt(150); steps > 0; steps--) {
          step();
        }
        FaultyDisk.Crash kind = FaultyDisk.Crash.anyPowerCut(random);
        int required = required();
        store.crash(kind);
        found = found.plus(store.found());
        String where = fsync.word() + ", seed " + seed + ", cut " + cut + ", " + kind;
        assertThat(store.damages()).as(where).isEmpty();
        assertThat(store.snapshotDamages()).as(where).isEmpty();
        check(where, required);
      }
      return found;
    }

    private void step() throws IOException {
      switch (random.nextInt(13)) {
        case 0, 1 -> store.turn();
        case 2 -> store.sync();
        case 3, 4 -> store.pass(random.nextInt(300));
        case 5, 6 -> store.snapshotStep();
        case 7 -> store.tend();
        default -> write();
      }
    }

    private void write() {
      String key = KEYS.get(random.nextInt(KEYS.size()));
      int number = ++operations;
      Runnable done = () -> answered.put(number, store.millis());
      String value = Words.sometimesLarge(random, "v" + number);
      switch (random.nextInt(10)) {
        case 0, 1 -> {
          String field = FIELDS.get(random.nextInt(FIELDS.size()));
          store.run(done, "HSET", "h" + key, field, value);
          register("h" + key + "." + field).put(Words.shown(value), number);
        }
        case 2 -> {
          store.run(done, "DEL", "h" + key);
          FIELDS.forEach(field -> register("h" + key + "." + field).put("-", number));
        }
        case 3 -> {
          store.run(done, "DEL", "s" + key);
          register("s" + key).put("-", number);
        }
        case 4 -> {
          String member = FIELDS.get(random.nextInt(FIELDS.size()));
          boolean add = random.nextBoolean();
          store.run(done, add ? "SADD" : "SREM", "t" + key, member);
          register("t" + key + "." + member).put(add ? "1" : "-", number);
        }
        case 5, 6 -> {
          String member = FIELDS.get(random.nextInt(FIELDS.size()));
          boolean add = random.nextInt(4) > 0;
          if (add) {
            store.run(done, "ZADD", "z" + key, Integer.toString(number), member);
          } else {
            store.run(done, "ZREM", "z" + key, member);
          }
          register("z" + key + "." + member).put(add ? Integer.toString(number) : "-", number);
        }
        case 7 -> {
          String before = register("c" + key).now();
          store.run(done, "INCR", "c" + key);
          long sum = before.equals("-") ? 1 : Long.parseLong(before) + 1;
          register("c" + key).put(Long.toString(sum), number);
        }
        default -> {
          store.run(done, "SET", "s" + key, value);
          register("s" + key).put(Words.shown(value), number);
        }
      }
    }

    private Register register(String name) {
      return registers.computeIfAbsent(name, any -> new Register());
    }

    /**
     * The last operation that must be there; so must all before it, as they were answered before.
     */
    private int required() {
      long now = store.millis();
      return answered.entrySet().stream()
          .filter(
              operation ->
                  fsync == Fsync.ALWAYS
                      || (fsync == Fsync.EVERYSEC && now - operation.getValue() >= 1_000))
          .mapToInt(Map.Entry::getKey)
          .max()
          .orElse(0);
    }

    private void check(String where, int required) {
      Map<String, Register> found = new HashMap<>();
      List<String> names = new ArrayList<>();
      for (String key : KEYS) {
        names.add("s" + key);
        names.add("c" + key);
        for (String field : FIELDS) {
          names.add("h" + key + "." + field);
          names.add("t" + key + "." + field);
          names.add("z" + key + "." + field);
        }
      }
      operations = 0;
      for (String name : names) {
        String value = read(name);
        Register before = registers.getOrDefault(name, new Register());
        assertThat(before.allowed(required)).as("%s, %s", where, name).contains(value);
        Register now = new Register();
        now.put(value, 0);
        found.put(name, now);
      }
      // The start synced what it found: all of it must be there from now on.
      registers = found;
      answered.clear();
    }

    private String read(String name) {
      int dot = name.indexOf('.');
      String command =
          switch (name.charAt(0)) {
            case 'h' -> "HGET";
            case 't' -> "SISMEMBER";
            case 'z' -> "ZSCORE";
            default -> "GET";
          };
      Reply reply =
          dot < 0
              ? store.run(() -> {}, command, name)
              : store.run(() -> {}, command, name.substring(0, dot), name.substring(dot + 1));
      if (reply instanceof Reply.Int is) {
        return is.value() == 0 ? "-" : "1";
      }
      if (reply instanceof Reply.Real score) {
        return Long.toString((long) score.value());
      }
      return reply instanceof Reply.Bulk bulk
          ? Words.shown(new String(bulk.bytes(), StandardCharsets.UTF_8))
          : "-";
    }
  }
}

package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;

/**
 * A {@link CrashingStore} beside a {@link RedisModel} that answers the same commands. After a crash
 * it says whether what the store has found may be so, and the model goes on from there.
 */
final class ModelledStore {

  /** What a crash may have done. */
  enum Outcome {
    /** What was found is what was there. */
    ALL,
    /** It is what was there before the last commands, and more than had to be. */
    SOME,
    /** It is no more than had to be. */
    LEAST
  }

  /** A command since the last start; it is answered when the log's position at that is known. */
  private static final class Operation {
    final long millis;
    final String[] words;
    boolean answered;
    long position;

    Operation(long millis, String... words) {
      this.millis = millis;
      this.words = words;
    }
  }

  private final Fsync fsync;
  private final List<String> keys;
  private final CrashingStore store;
  private final List<Operation> operations = new ArrayList<>();
  private final StringBuilder story = new StringBuilder();
  // What the last start found, and what it has become since.
  private RedisModel base = new RedisModel();
  private RedisModel model = new RedisModel();

  ModelledStore(Random random, Fsync fsync, List<String> keys) throws IOException {
    this(new CrashingStore(random, fsync), fsync, keys);
  }

  ModelledStore(CrashingStore store, Fsync fsync, List<String> keys) {
    this.fsync = fsync;
    this.keys = keys;
    this.store = store;
    story.append(fsync).append('\n');
  }

  /** For what is no command. */
  CrashingStore store() {
    return store;
  }

  /** What a client would see by now. */
  RedisModel model() {
    return model.copy();
  }

  /** As TYPE answers. */
  String type(String key) {
    return model.type(key, store.millis());
  }

  /** Runs a command; its answer must be the model's, which is returned. */
  String run(String... words) {
    Operation operation = new Operation(store.millis(), words);
    operations.add(operation);
    String expected = model.run(operation.millis, words);
    List<String> shown = List.of(words).stream().map(Words::shown).toList();
    story.append(String.join(" ", shown)).append(" -> ").append(expected).append('\n');
    Runnable done =
        () -> {
          operation.answered = true;
          operation.position = store.end();
        };
    assertThat(Replies.text(store.run(done, words))).as("%s", story).isEqualTo(expected);
    return expected;
  }

  /** A crash after all is answered and synced: nothing may be missing. */
  void settleAndCrash(FaultyDisk.Crash kind) throws IOException {
    store.settle();
    assertThat(required(kind)).as("%s", story).isEqualTo(operations.size());
    assertThat(crash(kind)).as("%s", story).isEqualTo(Outcome.ALL);
  }

  /**
   * A crash at any moment. What was answered is found after a process's end, and under policy
   * always after a power cut too; else what was synced. Of what came later the first commands may
   * be found, or none.
   */
  Outcome crash(FaultyDisk.Crash kind) throws IOException {
    int required = required(kind);
    store.crash(kind);
    story.append(kind).append(", ").append(required).append(" of ");
    story.append(operations.size()).append(" must be there\n");
    assertThat(store.damages()).as("%s", story).isEmpty();
    assertThat(store.snapshotDamages()).as("%s", story).isEmpty();
    RedisModel found = StoreContents.of(store, keys);
    Outcome outcome = judge(required, found);
    story.append("found ").append(outcome).append('\n');
    base = found;
    model = found.copy();
    operations.clear();
    return outcome;
  }

  /** How many operations must be there; whoever is answered knows of all that came before. */
  private int required(FaultyDisk.Crash kind) {
    boolean all = kind == FaultyDisk.Crash.KEEPS_ALL || fsync == Fsync.ALWAYS;
    for (int i = operations.size(); i > 0; i--) {
      Operation operation = operations.get(i - 1);
      if (operation.answered && (all || operation.position <= store.synced())) {
        return i;
      }
    }
    return 0;
  }

  private Outcome judge(int required, RedisModel found) {
    List<SortedMap<String, String>> states = statesFrom(required);
    SortedMap<String, String> contents = found.contents(store.millis());
    assertThat(contents).as("%s", story).isIn(states);
    if (contents.equals(states.get(states.size() - 1))) {
      return Outcome.ALL;
    }
    return contents.equals(states.get(0)) ? Outcome.LEAST : Outcome.SOME;
  }

  /** All states since so many operations; as a client sees them now, so a passed expiry counts. */
  private List<SortedMap<String, String>> statesFrom(int required) {
    RedisModel state = base.copy();
    List<SortedMap<String, String>> states = new ArrayList<>();
    for (int i = 0; i <= operations.size(); i++) {
      if (i > 0) {
        state.run(operations.get(i - 1).millis, operations.get(i - 1).words);
      }
      if (i >= required) {
        states.add(state.contents(store.millis()));
      }
    }
    return states;
  }
}

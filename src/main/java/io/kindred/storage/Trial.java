package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One string key apart from all others, to see what a command makes of a state before anybody takes
 * it over. The command runs at the moment of its ballot, the same whoever tries it. For one thread
 * at a time.
 */
public final class Trial {

  private final ShardStore store = new ShardStore(0, Slot.COUNT - 1, 0, false);

  /**
   * What came of a command.
   *
   * @param answer its own
   * @param changed whether it wrote anything, or the key's expiry has passed: that is an event in
   *     the order too, or whoever asks next, by another clock, might find the key alive again
   * @param state all of the key, stamped with the ballot: a string with its expiry, or a clear mark
   */
  public record Outcome<A>(A answer, boolean changed, List<Element> state) {}

  /**
   * Runs a command.
   *
   * @param state what the key was, by as many owners as asked; in any order
   * @param ballot above all of it
   * @return what came of it; null where the key is no string
   */
  public <A> Outcome<A> run(
      Key key, List<Element> state, Version ballot, Function<Shard, A> command) {
    state.forEach(store::merge);
    try {
      long now = ballot.millis();
      KeyType type = store.type(key, now);
      if (type != KeyType.NONE && type != KeyType.STRING) {
        return null;
      }
      boolean lapsed = type == KeyType.NONE && store.type(key, 0) != KeyType.NONE;
      Noting log = new Noting();
      HybridClock clock = new HybridClock(() -> now, time -> Long.MAX_VALUE, ballot.time() - 1);
      Shard shard = new Shard(0, store, log, clock, () -> now, ballot.origin());
      A answer = command.apply(shard);
      return new Outcome<>(answer, log.noted || lapsed, whole(key, ballot, now));
    } finally {
      forget(key);
    }
  }

  private List<Element> whole(Key key, Version ballot, long now) {
    byte[] value = store.string(key, now);
    if (value == null) {
      return List.of(Element.clear(key, ballot));
    }
    OptionalLong expiry = store.expiryAt(key, now);
    return List.of(
        Element.string(key, ballot, value),
        Element.expiry(key, ballot, expiry.orElse(Element.NEVER)));
  }

  /** As if it had never been; a store is too much to make for each command. */
  private void forget(Key key) {
    if (store.table().find(key) != 0) {
      long newest = store.newestTime(key, Long.MAX_VALUE - 1);
      store.merge(Element.clear(key, new Version(newest, Long.MAX_VALUE)));
      store.remove(key, Long.MIN_VALUE, none -> {});
    }
  }

  /** Only notes that something was written. */
  private static final class Noting implements LaneLog {
    private boolean noted;

    @Override
    public void append(int shard, boolean own, Element element) {
      noted = true;
    }

    @Override
    public void afterCommit(Runnable done, Consumer<String> failed) {
      done.run();
    }

    @Override
    public String failure() {
      return null;
    }

    @Override
    public void onCommit(Runnable listener) {
      // nobody is fed from here
    }

    @Override
    public long end() {
      return 0;
    }

    @Override
    public long synced() {
      return 0;
    }

    @Override
    public long oldest() {
      return 0;
    }

    @Override
    public LogReader readFrom(long position) {
      throw new UnsupportedOperationException("nothing is kept");
    }
  }
}

package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.TimeSource;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One shard as its single writer sees it: its store, the log of its lane, and the lane's clock.
 * Knows no actor; the shard's actor, or the simulation, calls it from one thread.
 *
 * <p>Everything that changes a shard passes {@link #write} (from this node's own clients) or {@link
 * #merge} (from anywhere else), and both end in {@link ShardStore#merge}.
 */
public final class Shard {

  /** In place of a step, while what is dead at or below it is being taken out. */
  public static final long PURGING = -1;

  /** Far above what clocks may differ by, and little for a clock to leap at a restart. */
  private static final long BALLOT_AHEAD_MILLIS_MAX = 5_000;

  /**
   * How old a version may be that somebody else has given. More than it takes to ask a second
   * owner, with clocks as far apart as they may be; and what is told of this node's clock to
   * others, as a bound below all that it will log, has to trail by so much.
   */
  public static final long GIVEN_AGE_MILLIS_MAX = 4_000;

  private final int number;
  private final ShardStore store;
  private final LaneLog log;
  private final HybridClock clock;
  private final TimeSource wall;
  private final long origin;
  private final Promises promises;
  private WriteFence fence = WriteFence.NONE;
  private final FarFuture farFuture;
  private Key expected;
  private boolean sole;
  private List<Element> recording;
  private Version given;
  private boolean givenAgain;
  private long purgeLimit;
  private long purgedTo;

  /**
   * @param number which shard of the ring
   * @param origin the bits of the origin that stamps this node's own writes
   */
  public Shard(
      int number, ShardStore store, LaneLog log, HybridClock clock, TimeSource wall, long origin) {
    this.number = number;
    this.store = store;
    this.log = log;
    this.clock = clock;
    this.wall = wall;
    this.origin = origin;
    this.promises = new Promises(clock.floor(), clock::keepBoundAbove);
    this.farFuture = new FarFuture(wall);
  }

  /** Tells what may forbid stamping writes; to be called before anybody writes. */
  public void fencedBy(WriteFence mayForbid) {
    fence = mayForbid;
  }

  /**
   * Tells which key the next command is about, where that was worked out already to find the shard.
   */
  public void expect(Key key) {
    expected = key;
  }

  /** The key of these bytes, which are a command's argument. */
  @SuppressWarnings("ReferenceEquality") // it is the very argument, or worked out anew
  public Key key(byte[] argument) {
    Key ready = expected;
    return ready != null && ready.bytes() == argument ? ready : Key.of(argument);
  }

  public int number() {
    return number;
  }

  public ShardStore store() {
    return store;
  }

  /** Wall-clock milliseconds, for expiry. */
  public long now() {
    return wall.millis();
  }

  /** Tells that nobody else owns this shard, nor will. */
  public void ownAlone() {
    sole = true;
  }

  /**
   * The hybrid time up to which all owners have everything that was ever written or will be, and
   * may forget what is dead: the shard's <em>step</em>. 0 while nobody can tell. With a single
   * owner that is all that its clock has left behind: asking moves the clock on.
   *
   * @throws java.io.UncheckedIOException where the clock's bound cannot be written
   */
  public long knownToAll() {
    return sole ? clock.next() : purgeLimit;
  }

  /** Whether nobody else owns this shard. */
  public boolean isSole() {
    return sole;
  }

  /**
   * This owner has everything that was or will be written at or below a time; what comes later and
   * is that old, it has had.
   */
  public void adopt(long time) {
    store.knowTo(time);
  }

  /**
   * Ends all that is held at or below a step that this copy has not earned: some of it may be what
   * the owners have purged. What lives of it they still have.
   *
   * @throws LogFailedException where the log takes no writes
   */
  public void forgetUpTo(long step) {
    for (int slot : store.filledSlots()) {
      Set<Key> keys = new LinkedHashSet<>();
      store.forEachElement(
          slot,
          element -> {
            if (element.version().time() <= step) {
              keys.add(element.key());
            }
          });
      keys.forEach(key -> merge(Element.clearByExpiry(key, step)));
    }
  }

  /** All owners have adopted that much, and whatever any of them wrote before it did. */
  public void purgeUpTo(long step) {
    purgeLimit = Math.max(purgeLimit, step);
  }

  /** A sweep has found nothing more to take out at or below that step. */
  public void purged(long step) {
    purgedTo = Math.max(purgedTo, step);
  }

  /**
   * The step that the shard's digests are of, or {@link #PURGING}. Digests of different steps say
   * nothing about each other.
   */
  public long step() {
    if (sole) {
      return 0;
    }
    return purgedTo == purgeLimit ? purgeLimit : PURGING;
  }

  /**
   * Below what step whoever read elements elsewhere must not bring them here any more: what is gone
   * here by now was still there.
   */
  public long refusesBelow() {
    return purgeLimit;
  }

  /**
   * A hybrid time above all that this lane has issued, but for versions that had to beat one from
   * the far future.
   *
   * @throws java.io.UncheckedIOException where the clock's bound cannot be written
   */
  public long clockTime() {
    return clock.next();
  }

  /**
   * A hybrid time that all own entries are above which are logged from now on, in any shard of the
   * lane, but for late marks. It trails the clock, and the time as well: an expiry passes by the
   * time, and the clock may be ahead of that.
   *
   * @param marginMillis by how much it trails
   * @throws java.io.UncheckedIOException where the clock's bound cannot be written
   */
  public long floor(long marginMillis) {
    long least = Math.min(clock.next(), HybridClock.ofMillis(now()));
    return Math.max(0, least - HybridClock.ofMillis(marginMillis));
  }

  /**
   * A version for a write to a key: above everything that this node has seen on the whole key, a
   * passed expiry included. Stamp once a command: all elements of one command on one key share it.
   *
   * @param now wall-clock milliseconds as the command has them from {@link #now}
   * @throws WriteFencedException where this node may not stamp writes
   */
  public Version stamp(Key key, long now) {
    String refusal = fence.refusal();
    if (refusal != null) {
      throw new WriteFencedException(refusal);
    }
    if (given != null) {
      return givenFor(key, now);
    }
    return new Version(clock.nextAbove(store.newestTime(key, now), now), origin);
  }

  /**
   * The next command's writes get this version, or none of its own where that is null. Its giver
   * may have to ask another owner for the same, if this one dies with the answer.
   *
   * @param again whether another owner may have done it: then a version that is older than what is
   *     here stays so, and loses to it
   */
  public void expectVersion(Version version, boolean again) {
    given = version;
    givenAgain = again;
  }

  private Version givenFor(Key key, long now) {
    long newest = store.newestTime(key, now);
    long oldest = HybridClock.ofMillis(now - GIVEN_AGE_MILLIS_MAX);
    if (given.time() <= oldest || (!givenAgain && given.time() <= newest)) {
      throw new StaleVersionException(Math.max(newest, oldest));
    }
    return given;
  }

  /**
   * The same, and above a time that another owner has seen on the key.
   *
   * @param above a hybrid time
   */
  public Version stampAbove(Key key, long now, long above) {
    return new Version(clock.nextAbove(Math.max(store.newestTime(key, now), above), now), origin);
  }

  /** From now on notes what is written, until {@link #recorded}. */
  public void beginRecording() {
    recording = new ArrayList<>(2);
  }

  /** What this node's own clients have written since the recording began, which it ends. */
  public List<Element> recorded() {
    List<Element> made = recording;
    recording = null;
    return made;
  }

  /**
   * Why this shard takes no writes at the moment, or null: memory must never run ahead of a log
   * that fails.
   */
  public String failure() {
    return log.failure();
  }

  /**
   * An element that this node accepted from a client: merged, logged as own, so that the feeds send
   * it on. Durable and visible to others once the lane has committed.
   *
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public void write(Element element) {
    requireLog();
    store.merge(element);
    log.append(number, true, element);
    if (recording != null) {
      recording.add(element);
    }
  }

  /** Logs a mark whose key is about to be removed from memory. */
  void logEnd(Element mark) {
    requireLog();
    log.append(number, true, mark);
  }

  /**
   * A string and its expiry that this node accepted from a client: the same as {@link #write} of
   * the two elements, and quicker.
   *
   * @param expiresAt in ms, or {@link Element#NEVER}
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public void writeString(Key key, Version version, byte[] value, long expiresAt) {
    requireLog();
    store.mergeString(key, version, value, expiresAt);
    log.appendString(number, key, version, value, expiresAt);
    if (recording != null) {
      recording.add(Element.string(key, version, value));
      recording.add(Element.expiry(key, version, expiresAt));
    }
  }

  /**
   * An element from elsewhere: merged, and logged (not as own) if it changed something.
   *
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public MergeOutcome merge(Element element) {
    requireLog();
    MergeOutcome outcome = store.merge(element);
    if (outcome.changed()) {
      farFuture.came(element.version());
      log.append(number, false, element);
    }
    return outcome;
  }

  /**
   * Promises to accept nothing below a ballot for a key.
   *
   * @return empty once it is promised; else what a ballot must be above
   * @throws IllegalArgumentException for a ballot that is from so far ahead that keeping it would
   *     take this node's clock along
   */
  public Optional<Version> prepare(Key key, Version ballot) {
    requireNear(ballot);
    return promises.prepare(key, ballot, newestOrPurged(key));
  }

  /**
   * Accepts a key's whole state, all of one ballot, unless something higher was promised or is
   * there. Not logged as this node's own: what only some accept must not be fed to others.
   *
   * @return empty once it is accepted; else what a ballot must be above
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public Optional<Version> accept(Key key, Version ballot, List<Element> state) {
    requireNear(ballot);
    requireLog();
    Optional<Version> least = promises.accept(key, ballot, newestOrPurged(key));
    if (least.isEmpty()) {
      state.forEach(this::merge);
    }
    return least;
  }

  /** What was purged may have been as new as the step. */
  private long newestOrPurged(Key key) {
    return Math.max(store.newestTime(key, now()), purgeLimit);
  }

  /** Whether what is here of a key may be about to be replaced by consensus. */
  public boolean isOpen(Key key) {
    return promises.isOpen(key, store.newestTime(key, now()));
  }

  private void requireNear(Version ballot) {
    // Behind a crash the promises begin at the bound, which may be ahead of the wall clock; a
    // ballot
    // above them must not be refused for that.
    long near = Math.max(now(), HybridClock.millisOf(promises.begin()));
    if (ballot.time() >= Promises.tooFarAhead(near, BALLOT_AHEAD_MILLIS_MAX)) {
      throw new IllegalArgumentException(
          "a ballot is "
              + (ballot.millis() - now())
              + " ms ahead of this node's clock, and at most "
              + BALLOT_AHEAD_MILLIS_MAX
              + " are taken: look at the clocks, or at a key that was written by a wrong one");
    }
  }

  /** How many elements with versions of the far future were merged since the start. */
  public long farFutureElements() {
    return farFuture.count();
  }

  /**
   * The same of an element that its origin's feed brings. A feed may go back to what it sent
   * before: what is no newer than what this owner has adopted came once, and if it is not here any
   * more it has died. But not so a mark that an expiry leaves: that is as old as the expiry and
   * made later, at any time.
   *
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public MergeOutcome mergeFed(Element element) {
    boolean known = element.version().time() <= store.knownTo() && !element.isLateMark();
    return known ? MergeOutcome.SUPERSEDED : merge(element);
  }

  private void requireLog() {
    String failure = log.failure();
    if (failure != null) {
      throw new LogFailedException(failure);
    }
  }
}

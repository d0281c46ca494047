package io.kindred.storage.snapshot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which snapshots a node has, which shards' are to be written next, and how much of a lane's log
 * they make superfluous. Shard s belongs to lane s modulo the lanes. For one thread.
 */
public final class SnapshotBook {

  private final int lanes;
  private final long logBytes;
  private final List<Optional<SnapshotDirectory.Stored>> stored;
  private final IntPredicate incomplete;
  // Incomplete when they were loaded, and not written since.
  private final NavigableSet<Integer> once = new TreeSet<>();
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private Optional<Integer> inHand = Optional.empty();
  private long longestSliceNanos;

  /**
   * @param logBytes how far a lane's log may reach past its oldest snapshot, before packing, until
   *     all of the lane's shards are written again; never less than those snapshots are long, so
   *     that writing them again and again costs at most what was logged
   * @param stored what is there, by shard
   * @param incomplete which shards must not be written now, as they have lost something: a snapshot
   *     would let the next start forget it. The log is kept for them
   */
  public SnapshotBook(
      int lanes,
      long logBytes,
      Collection<Optional<SnapshotDirectory.Stored>> stored,
      IntPredicate incomplete) {
    this.incomplete = incomplete;
    this.lanes = lanes;
    this.logBytes = logBytes;
    this.stored = new ArrayList<>(stored);
    IntStream.range(0, stored.size()).filter(incomplete).forEach(once::add);
  }

  /** The position from which a lane's log is needed: nothing below may ever be cut. */
  public long neededFrom(int lane) {
    return shardsOf(lane).stream().mapToLong(this::start).min().orElse(0);
  }

  private long start(int shard) {
    return stored.get(shard).map(snapshot -> snapshot.head().start()).orElse(0L);
  }

  private List<Integer> shardsOf(int lane) {
    List<Integer> shards = new ArrayList<>();
    for (int shard = lane; shard < stored.size(); shard += lanes) {
      shards.add(shard);
    }
    return shards;
  }

  /**
   * Whether a lane has more log than it should.
   *
   * @param unpackedFrom how much log there is from a position on, before packing
   */
  public boolean isDue(int lane, LongUnaryOperator unpackedFrom) {
    List<Integer> written = shardsOf(lane).stream().filter(this::mayBeWritten).toList();
    OptionalLong from = written.stream().mapToLong(this::start).min();
    long bytes =
        written.stream()
            .flatMap(shard -> stored.get(shard).stream())
            .mapToLong(snapshot -> snapshot.foot().rawBytes())
            .sum();
    return from.isPresent()
        && unpackedFrom.applyAsLong(from.getAsLong()) >= Math.max(logBytes, bytes);
  }

  /** Has all shards of a lane written, those with the oldest snapshots first. */
  public void begin(int lane) {
    longestSliceNanos = waiting.isEmpty() ? 0 : longestSliceNanos;
    shardsOf(lane).stream()
        .filter(shard -> mayBeWritten(shard) && !waiting.contains(shard))
        .sorted(Comparator.comparingLong(this::start))
        .forEach(waiting::add);
  }

  /**
   * Has those shards written that were incomplete and are whole again: until then the next start
   * would find on the disk once more what they lost.
   */
  public void beginMended() {
    once.stream()
        .filter(
            shard ->
                mayBeWritten(shard)
                    && !waiting.contains(shard)
                    && !inHand.equals(Optional.of(shard)))
        .forEach(waiting::add);
  }

  private boolean mayBeWritten(int shard) {
    return !incomplete.test(shard);
  }

  /** Has the shards of all lanes written. */
  public void beginAll() {
    waiting.clear();
    for (int lane = 0; lane < lanes; lane++) {
      begin(lane);
    }
  }

  /** Forgets what was to be written. */
  public void giveUp() {
    inHand = Optional.empty();
    waiting.clear();
  }

  /** The shard to be written next. */
  public Optional<Integer> next() {
    inHand = Optional.ofNullable(waiting.poll());
    return inHand;
  }

  /** The shard that is being written. */
  public Optional<Integer> inHand() {
    return inHand;
  }

  /** How many shards wait. */
  public int waiting() {
    return waiting.size();
  }

  /** A shard was kept from its clients for so long, to be read a little. */
  public void sliced(long nanos) {
    longestSliceNanos = Math.max(longestSliceNanos, nanos);
  }

  /** The longest of those, of all shards that were begun together. */
  public long longestSliceNanos() {
    return longestSliceNanos;
  }

  /** A shard has a new one. */
  public void written(int shard, SnapshotDirectory.Stored snapshot) {
    stored.set(shard, Optional.of(snapshot));
    once.remove(shard);
    inHand = Optional.empty();
  }

  /** What is there, by shard. */
  public List<Optional<SnapshotDirectory.Stored>> stored() {
    return List.copyOf(stored);
  }
}

package io.kindred.replication;

import io.kindred.entry.Key;
import io.kindred.ring.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The writes of one lane that wait until enough other owners have applied them. A quorum is a
 * question about cursors: a write that ends at a position of the log has been applied by every
 * owner whose cursor has reached it. For one thread; time comes in as ns of a clock that never
 * jumps.
 *
 * <p>An owner whose cursor has passed a write may still have held something newer of its key: a
 * rack whose clock is ahead wrote it before. Then the write is not there to be read, and has to be
 * stamped higher and sent again before it is answered. With it go all writes to the key that came
 * after it, answered or not, each above the one before: or the first would undo the last.
 *
 * <p>Invariant: each write comes out exactly once, by {@link #settle}, {@link #overdue} or {@link
 * #failed}.
 *
 * @param <W> what waits
 */
public final class AckTally<W> {

  /**
   * What has become of some writes.
   *
   * @param done that have enough owners, in their order
   * @param raised keys of which an owner has something newer
   */
  public record Outcome<W>(List<W> done, List<Raise<W>> raised) {}

  /**
   * The writes to a key of which an owner has something newer.
   *
   * @param writes in their order, those that only follow included
   * @param above the hybrid time that they have to be stamped above
   */
  public record Raise<W>(List<W> writes, long above) {}

  /**
   * A write that not enough owners have applied.
   *
   * @param racks that have it, this node's own included
   * @param needed a majority of the racks
   * @param silent the owners of which nothing was heard
   */
  public record Lacking<W>(W write, int racks, int needed, List<NodeId> silent) {}

  /** One that waits. */
  public static final class Waiting<W> {
    private final Key key;
    private final long time;
    private final List<NodeId> others;
    private final int needed;
    private final long deadline;
    private final W write;
    private long position = Long.MAX_VALUE;
    private long above;

    private Waiting(Key key, long time, List<NodeId> others, int needed, long deadline, W write) {
      this.key = key;
      this.time = time;
      this.others = others;
      this.needed = needed;
      this.deadline = deadline;
      this.write = write;
    }

    /** What waits. */
    public W write() {
      return write;
    }

    private boolean isCommitted() {
      return position < Long.MAX_VALUE;
    }

    private boolean onlyFollows() {
      return needed == 0;
    }
  }

  private final Map<NodeId, Long> applied = new HashMap<>();
  private final Map<NodeId, Long> gaveUp = new HashMap<>();
  private List<Waiting<W>> waiting = new ArrayList<>();

  /**
   * A write begins to wait, behind all that do already. To be called before its log is written: an
   * owner may have something newer, and say so, before this node knows of its own commit.
   *
   * @param time its version's
   * @param newest the newest hybrid time on its key at this very node, once it is merged
   * @param others the owners of its shard in the other racks, one a rack
   * @param needed how many of them must have applied it, at least one
   */
  public Waiting<W> await(
      Key key, long time, long newest, List<NodeId> others, int needed, long deadline, W write) {
    if (needed < 1 || needed > others.size()) {
      throw new IllegalArgumentException(needed + " of " + others);
    }
    Waiting<W> begun = new Waiting<>(key, time, List.copyOf(others), needed, deadline, write);
    begun.above = newest > time ? newest : 0;
    waiting.add(begun);
    return begun;
  }

  /**
   * A write that waits for nobody itself: kept as long as an earlier one to its key waits, since it
   * has to be stamped again where that one is.
   */
  public Waiting<W> follow(Key key, long time, W write) {
    Waiting<W> begun = new Waiting<>(key, time, List.of(), 0, 0, write);
    waiting.add(begun);
    return begun;
  }

  /** Whether a write to a key waits. */
  public boolean waitsFor(Key key) {
    for (Waiting<W> each : waiting) {
      if (each.key.equals(key)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A write is in this node's own log, as durable as its policy asks.
   *
   * @param position the log's end behind it, or later
   */
  public void committed(Waiting<W> write, long position) {
    write.position = position;
  }

  /** A write is not in the log, and waits no more. */
  public void failed(Waiting<W> write) {
    waiting.remove(write);
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  public int size() {
    return waiting.size();
  }

  /**
   * An owner has applied the log up to a position, and no further: one that lost what it had not
   * synced goes back.
   *
   * @param superseded what of it was older than what the owner has; may tell of the same twice
   */
  public void applied(NodeId owner, long position, Collection<Superseded> superseded) {
    applied.put(owner, position);
    for (Superseded one : superseded) {
      for (Waiting<W> each : waiting) {
        if (one.isAbout(each.key) && each.time <= one.time()) {
          each.above = Math.max(each.above, one.time());
        }
      }
    }
  }

  /** An owner's feed goes on at a position, and what lies before it the owner may never get. */
  public void gaveUp(NodeId owner, long position) {
    gaveUp.put(owner, position);
  }

  /**
   * Takes out what has enough owners by now, and what has to be stamped higher: to be asked when
   * something was committed or applied.
   */
  public Outcome<W> settle() {
    Map<Key, Long> raised = raised();
    Map<Key, List<W>> again = new LinkedHashMap<>();
    List<W> done = new ArrayList<>();
    Set<Key> left = new HashSet<>();
    List<Waiting<W>> still = new ArrayList<>();
    for (Waiting<W> each : waiting) {
      if (raised.containsKey(each.key)) {
        again.computeIfAbsent(each.key, any -> new ArrayList<>()).add(each.write);
      } else if (each.onlyFollows() && each.isCommitted()) {
        if (left.contains(each.key)) {
          still.add(each);
        }
      } else if (each.isCommitted() && racks(each) >= each.needed && each.above == 0) {
        done.add(each.write);
      } else {
        still.add(each);
        left.add(each.key);
      }
    }
    if (still.size() < waiting.size()) {
      waiting = still;
    }
    List<Raise<W>> raises = new ArrayList<>();
    again.forEach((key, writes) -> raises.add(new Raise<>(writes, raised.get(key))));
    return new Outcome<>(done, raises);
  }

  /** The keys to be stamped above something, once all their writes are in this node's log. */
  private Map<Key, Long> raised() {
    Map<Key, Long> raised = new HashMap<>();
    for (Waiting<W> each : waiting) {
      if (each.above > 0 && !each.onlyFollows()) {
        raised.merge(each.key, each.above, Math::max);
      }
    }
    if (!raised.isEmpty()) {
      for (Waiting<W> each : waiting) {
        if (!each.isCommitted()) {
          raised.remove(each.key);
        }
      }
    }
    return raised;
  }

  private int racks(Waiting<W> write) {
    int count = 0;
    for (NodeId other : write.others) {
      count += has(other, write) ? 1 : 0;
    }
    return count;
  }

  private boolean has(NodeId owner, Waiting<W> write) {
    return applied.getOrDefault(owner, -1L) >= write.position
        && gaveUp.getOrDefault(owner, -1L) < write.position;
  }

  /**
   * Takes out what has waited for too long, and what can wait for nobody: too few of its owners are
   * in reach. What is not committed is the log's to end.
   */
  public List<Lacking<W>> overdue(long now, Set<NodeId> inReach) {
    List<Lacking<W>> lacking = new ArrayList<>();
    List<Waiting<W>> left = new ArrayList<>();
    for (Waiting<W> each : waiting) {
      if (each.onlyFollows()
          || !each.isCommitted()
          || (now - each.deadline < 0 && mayStillCome(each, inReach))) {
        left.add(each);
      } else {
        List<NodeId> silent = each.others.stream().filter(other -> !has(other, each)).toList();
        lacking.add(new Lacking<>(each.write, 1 + racks(each), 1 + each.needed, silent));
      }
    }
    waiting = left;
    return lacking;
  }

  private boolean mayStillCome(Waiting<W> write, Set<NodeId> inReach) {
    long hopeful =
        write.others.stream()
            .filter(other -> has(other, write) || inReach.contains(other))
            .filter(other -> gaveUp.getOrDefault(other, -1L) < write.position)
            .count();
    return hopeful >= write.needed;
  }
}

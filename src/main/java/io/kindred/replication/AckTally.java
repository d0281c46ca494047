package io.kindred.replication;

import io.kindred.ring.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
 * stamped higher and sent again before it is answered, unless a later write of this very node has
 * taken its place: then that one is what has to win.
 *
 * <p>Invariant: each write comes out exactly once, by {@link #settle}, {@link #overdue} or {@link
 * #failed}.
 *
 * @param <W> what waits
 */
public final class AckTally<W> {

  /** What has become of some writes. */
  public record Outcome<W>(List<W> done, List<Raise<W>> raised) {}

  /**
   * A write that an owner took for older than what it has.
   *
   * @param above the hybrid time that it has to be stamped above
   */
  public record Raise<W>(W write, long above) {}

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
    private final int key;
    private final long time;
    private final List<NodeId> others;
    private final int needed;
    private final long deadline;
    private final W write;
    private long position = Long.MAX_VALUE;
    private boolean overtaken;
    private long above;

    private Waiting(int key, long time, List<NodeId> others, int needed, long deadline, W write) {
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

    private boolean isRaised() {
      return above > 0 && !overtaken;
    }
  }

  private final Map<NodeId, Long> applied = new HashMap<>();
  private List<Waiting<W>> waiting = new ArrayList<>();

  /**
   * A write begins to wait, behind all that do already. To be called before its log is written: an
   * owner may have something newer, and say so, before this node knows of its own commit.
   *
   * @param key its key's hash
   * @param time its version's
   * @param others the owners of its shard in the other racks, one a rack
   * @param needed how many of them must have applied it, at least one
   */
  public Waiting<W> await(
      int key, long time, List<NodeId> others, int needed, long deadline, W write) {
    if (needed < 1 || needed > others.size()) {
      throw new IllegalArgumentException(needed + " of " + others);
    }
    Waiting<W> begun = new Waiting<>(key, time, List.copyOf(others), needed, deadline, write);
    waiting.add(begun);
    return begun;
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

  /** This node writes to a key again: what waits of it need not win any more by itself. */
  public void overtaken(int key) {
    for (Waiting<W> each : waiting) {
      each.overtaken |= each.key == key;
    }
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
        if (each.key == one.key() && each.time <= one.time()) {
          each.above = Math.max(each.above, one.time());
        }
      }
    }
  }

  /**
   * Takes out what has enough owners by now, and what has to be stamped higher: to be asked when
   * something was committed or applied.
   */
  public Outcome<W> settle() {
    List<W> done = new ArrayList<>();
    List<Raise<W>> raised = new ArrayList<>();
    List<Waiting<W>> left = new ArrayList<>();
    for (Waiting<W> each : waiting) {
      if (!each.isCommitted()) {
        left.add(each);
      } else if (each.isRaised()) {
        raised.add(new Raise<>(each.write, each.above));
      } else if (racks(each) >= each.needed) {
        done.add(each.write);
      } else {
        left.add(each);
      }
    }
    if (left.size() < waiting.size()) {
      waiting = left;
    }
    return new Outcome<>(done, raised);
  }

  private int racks(Waiting<W> write) {
    int count = 0;
    for (NodeId other : write.others) {
      count += has(other, write) ? 1 : 0;
    }
    return count;
  }

  private boolean has(NodeId owner, Waiting<W> write) {
    return applied.getOrDefault(owner, -1L) >= write.position;
  }

  /**
   * Takes out what has waited for too long, and what can wait for nobody: too few of its owners are
   * in reach. What is not committed is the log's to end.
   */
  public List<Lacking<W>> overdue(long now, Set<NodeId> inReach) {
    List<Lacking<W>> lacking = new ArrayList<>();
    List<Waiting<W>> left = new ArrayList<>();
    for (Waiting<W> each : waiting) {
      if (!each.isCommitted() || (now - each.deadline < 0 && mayStillCome(each, inReach))) {
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
        write.others.stream().filter(other -> has(other, write) || inReach.contains(other)).count();
    return hopeful >= write.needed;
  }
}

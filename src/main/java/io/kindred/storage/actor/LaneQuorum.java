package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.command.Reply;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.replication.AckTally;
import io.kindred.replication.Superseded;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.Shard;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Who waits in one lane for other racks: writes at a quorum, for which {@link AckTally} has the
 * rule, and WAIT. On the lane's thread, unless said otherwise.
 */
public final class LaneQuorum {

  /**
   * A write of a client's: what it made is sent again, stamped higher, where it must win.
   *
   * @param reply null where it was given already
   */
  record Write(Call call, Reply reply, ShardDesk desk, List<Element> made, long deadline) {
    Key key() {
      return made.get(0).key();
    }

    long time() {
      return made.stream().mapToLong(element -> element.version().time()).max().orElseThrow();
    }
  }

  private final ViewBoard board;
  private final LaneLog log;
  private final long withinNanos;
  private final AckTally<Write> tally = new AckTally<>();
  private final Map<NodeId, Long> applied = new ConcurrentHashMap<>();
  private final List<RackWait> rackWaits = new ArrayList<>(0);
  private volatile boolean waiting;

  /**
   * @param within how long the other racks may take
   */
  public LaneQuorum(ViewBoard board, LaneLog log, Duration within) {
    this.board = board;
    this.log = log;
    this.withinNanos = within.toNanos();
  }

  /** Whether somebody waits, so that feeds are to be prompt. From any thread. */
  public boolean isWaiting() {
    return waiting;
  }

  /** Up to where a peer has applied this lane's log. From any thread. */
  void note(NodeId peer, long position) {
    applied.put(peer, position);
  }

  /**
   * Somebody asks how many other racks have all that was committed up to a position, and waits
   * until so many have.
   *
   * @param answer takes how many it is, when there are enough or the time is over
   */
  record RackWait(long position, int wanted, long deadline, IntConsumer answer) {}

  void awaitRacks(RackWait wait) {
    rackWaits.add(wait);
    settle();
  }

  /** How many other racks have applied the log up to a position, with all their nodes. */
  private int racksAt(long position) {
    ClusterView view = board.current();
    Ring ring = view.ring().orElseThrow();
    Set<Integer> own = ring.ownedBy(view.self().id());
    int count = 0;
    for (String rack : ring.racks()) {
      boolean has =
          !rack.equals(view.self().rack())
              && own.stream()
                  .map(shard -> ring.seat(rack, shard).owner())
                  .allMatch(owner -> applied.getOrDefault(owner, -1L) >= position);
      count += has ? 1 : 0;
    }
    return count;
  }

  private void settleRackWaits() {
    if (rackWaits.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (Iterator<RackWait> each = rackWaits.iterator(); each.hasNext(); ) {
      RackWait wait = each.next();
      int racks = racksAt(wait.position());
      if (racks >= wait.wanted() || now - wait.deadline() >= 0) {
        each.remove();
        wait.answer().accept(racks);
      }
    }
  }

  /** Why a write cannot reach a majority, as far as one can see now; null where it may. */
  Reply refusal(int shard) {
    ClusterView view = board.current();
    Ring ring = view.ring().orElseThrow();
    List<NodeId> others = others(view, ring, shard);
    long inReach = others.stream().filter(view.reachable()::contains).count();
    int needed = needed(ring);
    return inReach >= needed
        ? null
        : new Reply.Failure(
            "NOQUORUM "
                + (1 + inReach)
                + " of "
                + ring.racks().size()
                + " racks are in reach, and it takes "
                + (1 + needed)
                + ": out of reach are "
                + names(others.stream().filter(node -> !view.reachable().contains(node)).toList())
                + "; nothing was written");
  }

  /** How many other racks make a majority with this node's own. */
  private static int needed(Ring ring) {
    return ring.racks().size() / 2;
  }

  private static List<NodeId> others(ClusterView view, Ring ring, int shard) {
    return ring.racks().stream()
        .filter(rack -> !rack.equals(view.self().rack()))
        .map(rack -> ring.seat(rack, shard).owner())
        .toList();
  }

  private static String names(Collection<NodeId> nodes) {
    return nodes.stream().map(NodeId::name).collect(Collectors.joining(", "));
  }

  /**
   * A write begins to wait, before its log is written.
   *
   * @param made what it has written, at least one element
   * @return null where the ring has no other rack to wait for
   */
  AckTally.Waiting<Write> begin(Call call, Reply reply, ShardDesk desk, List<Element> made) {
    return begin(new Write(call, reply, desk, made, System.nanoTime() + withinNanos));
  }

  private AckTally.Waiting<Write> begin(Write write) {
    ClusterView view = board.current();
    Ring ring = view.ring().orElseThrow();
    int needed = needed(ring);
    if (needed == 0) {
      return null;
    }
    waiting = true;
    Shard shard = write.desk().shard();
    return tally.await(
        write.key(),
        write.time(),
        shard.store().newestTime(write.key(), shard.now()),
        others(view, ring, write.desk().shard().number()),
        needed,
        write.deadline(),
        write);
  }

  /** Whether what is written to a key, for whom nobody waits, has to be told by {@link #follow}. */
  boolean mustFollow(Key key) {
    return waiting && tally.waitsFor(key);
  }

  /** A write for which nobody waits came behind one for which somebody does. */
  AckTally.Waiting<Write> follow(Call call, ShardDesk desk, List<Element> made) {
    return follow(new Write(call, null, desk, made, 0));
  }

  private AckTally.Waiting<Write> follow(Write write) {
    return tally.follow(write.key(), write.time(), write);
  }

  /** Writes are in this node's own log; those that were none are null. */
  void committed(Collection<AckTally.Waiting<Write>> writes) {
    writes.forEach(write -> tally.committed(write, log.end()));
    settle();
  }

  /** Writes are not in the log, and their clients are told so. */
  void notLogged(Collection<AckTally.Waiting<Write>> writes, String reason) {
    writes.forEach(each -> tell(each.write(), ShardDesk.notLogged(reason)));
    failed(writes);
  }

  private void failed(Collection<AckTally.Waiting<Write>> writes) {
    writes.forEach(tally::failed);
    settle();
  }

  /** The feed to a peer goes on at a position, and may never bring what lies before. */
  void gaveUp(NodeId peer, long position) {
    tally.gaveUp(peer, position);
    tick();
  }

  /** A peer has applied this lane's log up to a position. */
  void applied(NodeId peer, long position, List<Superseded> superseded) {
    tally.applied(peer, position, superseded);
    settle();
  }

  private void settle() {
    AckTally.Outcome<Write> outcome = tally.settle();
    outcome.done().forEach(write -> Answers.give(write.call(), write.reply()));
    outcome.raised().forEach(this::writeAgain);
    settleRackWaits();
    waiting = !tally.isEmpty() || !rackWaits.isEmpty();
  }

  /** An owner has something newer of a key: what was written is written anew, above that. */
  private void writeAgain(AckTally.Raise<Write> raise) {
    List<AckTally.Waiting<Write>> begun = new ArrayList<>();
    long above = raise.above();
    for (Write write : raise.writes()) {
      try {
        Write again = above(write, above);
        above = again.time();
        begun.add(write.reply() == null ? follow(again) : begin(again));
      } catch (LogFailedException e) {
        tell(write, ShardDesk.notLogged(e.getMessage()));
      } catch (UncheckedIOException e) {
        tell(write, ShardDesk.notLogged(e.getMessage() + ": " + e.getCause().getMessage()));
      }
    }
    log.afterCommit(() -> committed(begun), reason -> notLogged(begun, reason));
  }

  private static Write above(Write write, long above) {
    Shard shard = write.desk().shard();
    Key key = write.key();
    long now = shard.now();
    List<Element> made = new ArrayList<>();
    long expiry = shard.store().pendingExpiry(key, now);
    Version version = shard.stampAbove(key, now, above);
    boolean setsExpiry = false;
    for (Element element : write.made()) {
      // The mark that a passed expiry stands for has the expiry's own time.
      Element again = element.version().origin() == 0 ? element : element.stamped(version);
      setsExpiry |= element.kind() == Element.Kind.EXPIRY || element.kind() == Element.Kind.CLEAR;
      shard.write(again);
      made.add(again);
    }
    if (!setsExpiry && expiry != Element.NEVER && version.millis() >= expiry) {
      // Or what is stamped beyond an expiry's own moment would outlive it.
      Element kept = Element.expiry(key, version, expiry);
      shard.write(kept);
      made.add(kept);
    }
    return new Write(write.call(), write.reply(), write.desk(), made, write.deadline());
  }

  private static void tell(Write write, Reply reply) {
    if (write.reply() != null) {
      Answers.give(write.call(), reply);
    }
  }

  /** Ends the wait of those for whom nobody will come. */
  void tick() {
    if (!waiting) {
      return;
    }
    for (AckTally.Lacking<Write> lacking :
        tally.overdue(System.nanoTime(), board.current().reachable())) {
      lacking
          .write()
          .call()
          .answer(
              new Reply.Failure(
                  "NOQUORUM "
                      + lacking.racks()
                      + " racks have it, and it takes "
                      + lacking.needed()
                      + ": nothing was heard of "
                      + names(lacking.silent())
                      + "; it stays written here and may still spread"));
    }
    settle();
  }
}

package io.kindred.storage.actor;

import io.kindred.storage.DigestAudit;
import io.kindred.storage.ExpirySweep;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.Shard;
import io.kindred.storage.StoreMemory;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane does for its shards beside serving them, a little at a time: adds up their memory,
 * gives half-empty chunks back, audits their digests, one slot after the other, and sweeps what is
 * dead. On the lane's thread.
 */
final class LaneTending {

  private static final Logger LOG = LoggerFactory.getLogger(LaneTending.class);

  private static final long SWEEP_NANOS = 500_000;

  private final int lane;
  private final List<ShardDesk> desks;
  private final MemoryBudget budget;
  private int compacted;
  private int audited;
  private DigestAudit audit;
  private int swept;
  private ExpirySweep sweep;
  private boolean diskFails;

  LaneTending(int lane, List<ShardDesk> desks, MemoryBudget budget) {
    this.lane = lane;
    this.desks = desks;
    this.budget = budget;
  }

  /** One turn: about a millisecond at most; whether the next one should come soon. */
  boolean turn() {
    StoreMemory sum = StoreMemory.NONE;
    for (ShardDesk desk : desks) {
      sum = sum.plus(desk.shard().store().memory());
    }
    budget.tell(lane, sum);
    if (!desks.isEmpty()) {
      compact();
      audit();
      return sweep();
    }
    return false;
  }

  private void compact() {
    if (!desks.get(compacted).shard().store().compact()) {
      compacted = (compacted + 1) % desks.size();
    }
  }

  /** Some of what is dead, and known to all to be; whether there is more. */
  private boolean sweep() {
    long until = System.nanoTime() + SWEEP_NANOS;
    int passed = 0;
    while (passed < desks.size() && System.nanoTime() - until < 0) {
      Shard shard = desks.get(swept).shard();
      sweep = sweep == null ? new ExpirySweep(shard) : sweep;
      if (shard.failure() != null || sweep.isDone()) {
        swept = (swept + 1) % desks.size();
        sweep.leaveOff();
        if (shard.failure() == null && sweep.foundNothing()) {
          shard.purged(sweep.limit());
        }
        sweep = null;
        passed++;
      } else if (!sweepOn()) {
        return false;
      }
    }
    return passed < desks.size();
  }

  private boolean sweepOn() {
    try {
      sweep.turn();
      diskFails = false;
    } catch (UncheckedIOException | LogFailedException e) {
      if (!diskFails) {
        LOG.warn("expired and deleted keys stay in memory until the disk can be written", e);
      }
      diskFails = true;
    }
    return !diskFails;
  }

  /** Some of a slot that holds something; an empty one costs nothing. */
  private void audit() {
    Shard shard = desks.get(audited).shard();
    audit = audit == null ? new DigestAudit(shard.store()) : audit;
    if (audit.isDone()) {
      audited = (audited + 1) % desks.size();
      audit = null;
      return;
    }
    int slot = audit.slot();
    List<Integer> wrong = audit.turn();
    if (!wrong.isEmpty()) {
      desks.get(audited).driftedSlots().add(slot);
      LOG.error(
          "the digests of slot {} in shard {} are not those of what it holds, in leaves {}: a fault"
              + " of this program or of this machine's memory. Comparisons with other racks cannot"
              + " be trusted here; start the node again, which works them out anew",
          slot,
          shard.number(),
          wrong);
    }
  }
}

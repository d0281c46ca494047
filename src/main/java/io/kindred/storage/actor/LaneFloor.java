package io.kindred.storage.actor;

import io.kindred.storage.LaneLog;
import io.kindred.storage.ShardStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane promises of its log, and how its shards are at that moment.
 *
 * @param logEnd where the promise begins
 * @param floor every own entry behind {@code logEnd} is above this hybrid time, but for marks that
 *     passed expiries leave
 * @param clock own writes that were made before what the shards have adopted was known to them are
 *     below this hybrid time
 * @param shards of the lane
 */
public record LaneFloor(int lane, long logEnd, long floor, long clock, List<ShardState> shards) {

  /**
   * How far the floor stays behind the clock, in ms: whoever stamps a write elsewhere and sends it
   * to its shard's lane has so long. A write that comes later must be stamped anew.
   */
  public static final long MARGIN_MILLIS = 5_000;

  /**
   * A shard.
   *
   * @param serving whether clients are answered, so that this copy is proven complete
   * @param waiting whether it keeps something that can go one day: removals, keys that expire
   * @param adopted as the shard itself has it
   */
  public record ShardState(int shard, boolean serving, boolean waiting, long adopted) {}

  private static final Logger LOG = LoggerFactory.getLogger(LaneFloor.class);

  /** Takes it on the lane's thread; {@code told} gets it once all before it is committed. */
  static void take(int lane, ShardDesk[] desks, LaneLog log, Consumer<LaneFloor> told) {
    List<ShardDesk> its = Arrays.stream(desks).filter(Objects::nonNull).toList();
    if (its.isEmpty()) {
      return;
    }
    List<ShardState> states = new ArrayList<>();
    for (ShardDesk desk : its) {
      ShardStore store = desk.shard().store();
      boolean waiting = store.tombstoneCount() > 0 || store.expiringCount() > 0;
      states.add(new ShardState(desk.shard().number(), desk.serves(), waiting, store.knownTo()));
    }
    long floor;
    long clock;
    try {
      floor = its.get(0).shard().floor(MARGIN_MILLIS);
      clock = its.get(0).shard().clockTime();
    } catch (UncheckedIOException fails) {
      LOG.debug("lane {} promises nothing while its clock's bound cannot be written", lane, fails);
      return;
    }
    // What was stamped before the floor was taken may be in the batch that is not yet committed.
    log.afterCommit(
        () -> told.accept(new LaneFloor(lane, log.end(), floor, clock, states)),
        reason -> LOG.debug("lane {} promises nothing while its log fails: {}", lane, reason));
  }
}

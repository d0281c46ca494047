package io.kindred.warmup;

import static io.kindred.ring.Phase.DRAINING;
import static io.kindred.ring.Phase.EMPTYING;
import static io.kindred.ring.Phase.FAILED;
import static io.kindred.ring.Phase.MASTER;
import static io.kindred.ring.Phase.PROMOTING;
import static io.kindred.ring.Phase.STALE;
import static io.kindred.ring.Phase.STANDBY;
import static io.kindred.ring.Phase.STREAMING;
import static io.kindred.ring.Phase.VERIFYING;

import io.kindred.ring.Phase;
import io.kindred.warmup.WarmUpEvent.AllStreamed;
import io.kindred.warmup.WarmUpEvent.BeginAgain;
import io.kindred.warmup.WarmUpEvent.Cancelled;
import io.kindred.warmup.WarmUpEvent.DifferenceRepaired;
import io.kindred.warmup.WarmUpEvent.FeedsCaughtUp;
import io.kindred.warmup.WarmUpEvent.FeedsOpened;
import io.kindred.warmup.WarmUpEvent.FoundForgotten;
import io.kindred.warmup.WarmUpEvent.FoundFormer;
import io.kindred.warmup.WarmUpEvent.LeftAlone;
import io.kindred.warmup.WarmUpEvent.OthersFound;
import io.kindred.warmup.WarmUpEvent.OwnSeatsFound;
import io.kindred.warmup.WarmUpEvent.OwnerReturned;
import io.kindred.warmup.WarmUpEvent.ProofGiven;
import io.kindred.warmup.WarmUpEvent.ProofLacking;
import io.kindred.warmup.WarmUpEvent.Released;
import io.kindred.warmup.WarmUpEvent.RingDecided;
import io.kindred.warmup.WarmUpEvent.RingUndecided;
import io.kindred.warmup.WarmUpEvent.SeatNotFree;
import io.kindred.warmup.WarmUpEvent.SeatsChanged;
import io.kindred.warmup.WarmUpEvent.ShardStreamed;
import io.kindred.warmup.WarmUpEvent.SourceLost;
import io.kindred.warmup.WarmUpEvent.StoreBroken;
import io.kindred.warmup.WarmUpEvent.SuccessionGranted;
import java.util.List;
import java.util.Optional;

/** Every move that a warm-up can make. A pair that has no row here is refused, loudly. */
final class WarmUpTable {

  /** One move, and the reason for it in words for an operator. */
  record Row(Phase from, Class<? extends WarmUpEvent> when, Phase to, String because) {}

  // spotless:off
  static final List<Row> ROWS = List.of(
      //      from       when                      to         because
      new Row(STANDBY,   OwnSeatsFound.class,      STREAMING, "the ring names us an owner; what we missed comes by the feeds"),
      new Row(STANDBY,   SuccessionGranted.class,  STREAMING, "the ring made us a successor; all owners are to feed us"),
      new Row(STANDBY,   FoundFormer.class,        DRAINING,  "another has our seats; what only we have goes to the owners first"),
      new Row(STANDBY,   FoundForgotten.class,     FAILED,    "an operator gave this node up; its data is nobody's any more"),

      new Row(STREAMING, FeedsOpened.class,        STREAMING, "all that is new comes by the feeds; what is older is streamed"),
      new Row(STREAMING, ShardStreamed.class,      STREAMING, "one shard is there; the others go on"),
      new Row(STREAMING, SourceLost.class,         STREAMING, "another source goes on behind the last whole slot"),
      new Row(STREAMING, AllStreamed.class,        VERIFYING, "all shards were streamed; a copy is none until it is compared"),
      new Row(STREAMING, FeedsCaughtUp.class,      VERIFYING, "an owner has its data; what it lacks shows when it is compared"),
      new Row(STREAMING, OwnerReturned.class,      STANDBY,   "the owner serves again; we step down"),
      new Row(STREAMING, SeatsChanged.class,       STANDBY,   "the ring gives us something else; begin again with that"),
      new Row(STREAMING, StoreBroken.class,        FAILED,    "our own store does not take the data; an operator must look"),
      new Row(STREAMING, Cancelled.class,          FAILED,    "an operator called it off"),

      new Row(VERIFYING, ProofGiven.class,         PROMOTING, "enough other owners hold nothing that we lack"),
      new Row(VERIFYING, DifferenceRepaired.class, VERIFYING, "what was just repaired is to be proven once more"),
      new Row(VERIFYING, ProofLacking.class,       VERIFYING, "too few owners answered; no waiting replaces a proof"),
      new Row(VERIFYING, SeatNotFree.class,        VERIFYING, "the owner may still come back; the ring does not take it for lost"),
      new Row(VERIFYING, OwnerReturned.class,      STANDBY,   "the owner serves again; we step down"),
      new Row(VERIFYING, SeatsChanged.class,       STANDBY,   "the ring gives us something else; begin again with that"),
      new Row(VERIFYING, LeftAlone.class,          STALE,     "an operator said to serve what the disk has while no other owner is in reach"),
      new Row(VERIFYING, Cancelled.class,          FAILED,    "an operator called it off"),

      new Row(PROMOTING, RingDecided.class,        MASTER,    "the ring names us the owner, and we are proven"),
      new Row(PROMOTING, RingUndecided.class,      VERIFYING, "a proof grows old while one waits; prove again, then ask again"),
      new Row(PROMOTING, OwnerReturned.class,      STANDBY,   "the owner serves again; we step down"),
      new Row(PROMOTING, SeatsChanged.class,       STANDBY,   "the ring gives us something else; begin again with that"),
      new Row(PROMOTING, Cancelled.class,          FAILED,    "an operator called it off"),

      new Row(MASTER,    SeatsChanged.class,       STANDBY,   "the ring gave our seats away; we serve no longer"),

      new Row(STALE,     OthersFound.class,        STANDBY,   "other owners are in reach; what is served is proven again"),
      new Row(STALE,     SeatsChanged.class,       STANDBY,   "the ring gives us something else; begin again with that"),

      new Row(DRAINING,  Released.class,           EMPTYING,  "every owner has what we had; emptied, we come back as a spare"),
      new Row(DRAINING,  FoundForgotten.class,     FAILED,    "an operator gave this node up; its data is nobody's any more"),

      new Row(FAILED,    BeginAgain.class,         STANDBY,   "an operator looked and said so"));
  // spotless:on

  private WarmUpTable() {}

  /** The one row for a phase and an event. */
  static Optional<Row> find(Phase from, WarmUpEvent event) {
    return ROWS.stream()
        .filter(row -> row.from() == from && row.when() == event.getClass())
        .findFirst();
  }

  /** The row for a phase and an event; throws {@link IllegalMove} where there is none. */
  static Row row(Phase from, WarmUpEvent event) {
    return find(from, event).orElseThrow(() -> new IllegalMove(from, event));
  }
}

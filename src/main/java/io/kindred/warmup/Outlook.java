package io.kindred.warmup;

import io.kindred.membership.ClusterView;
import io.kindred.membership.SeatChoice;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.Seat;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** What a view of the cluster means for a warm-up: what has happened, and what to ask the ring. */
public final class Outlook {

  private Outlook() {}

  /** What a view has brought; empty where the warm-up may go on as it is. */
  public static Optional<WarmUpEvent> event(WarmUp warmUp, ClusterView view) {
    if (view.ring().isEmpty()) {
      return Optional.empty();
    }
    Ring ring = view.ring().get();
    NodeId self = view.self().id();
    Optional<Claim> named = named(ring, self);
    return switch (warmUp.phase()) {
      case STANDBY -> departing(ring, self).or(() -> named.flatMap(claim -> begins(claim, view)));
      case STALE ->
          isAlone(warmUp, view)
              ? goesOn(warmUp.phase(), warmUp.claim().orElseThrow(), named, view)
              : Optional.of(new WarmUpEvent.OthersFound());
      case DRAINING -> drainingEnds(ring, self);
      case STREAMING, VERIFYING, PROMOTING, MASTER ->
          goesOn(warmUp.phase(), warmUp.claim().orElseThrow(), named, view);
      case EMPTYING, FAILED -> Optional.empty();
    };
  }

  /**
   * Whether an owner that is back with its data cannot even begin to prove it: its shards have
   * other owners, and none of them is in reach.
   */
  public static boolean isAlone(WarmUp warmUp, ClusterView view) {
    boolean waits = warmUp.phase() == Phase.VERIFYING || warmUp.phase() == Phase.STALE;
    if (!waits || view.ring().isEmpty() || !warmUp.claim().filter(Outlook::owns).isPresent()) {
      return false;
    }
    SortedSet<NodeId> others =
        Proof.others(view.ring().get(), view.self().rack(), warmUp.claim().orElseThrow().shards());
    return !others.isEmpty() && Collections.disjoint(others, view.reachable());
  }

  /** Whoever has lost its seats, or was given up, begins nothing else. */
  private static Optional<WarmUpEvent> departing(Ring ring, NodeId self) {
    if (ring.isForgotten(self)) {
      return Optional.of(new WarmUpEvent.FoundForgotten(ring.epoch()));
    }
    return ring.isFormer(self) || ring.departed().drained().contains(self)
        ? Optional.of(new WarmUpEvent.FoundFormer(ring.epoch()))
        : Optional.empty();
  }

  private static Optional<WarmUpEvent> drainingEnds(Ring ring, NodeId self) {
    if (ring.isForgotten(self)) {
      return Optional.of(new WarmUpEvent.FoundForgotten(ring.epoch()));
    }
    return ring.departed().drained().contains(self)
        ? Optional.of(new WarmUpEvent.Released(ring.epoch()))
        : Optional.empty();
  }

  /**
   * Who was declared lost has missed it, and with it who knows what: it joins first, then proves.
   */
  private static Optional<Claim> named(Ring ring, NodeId self) {
    return ring.isLost(self) ? Optional.empty() : Claim.of(ring, self);
  }

  private static Optional<WarmUpEvent> begins(Claim claim, ClusterView view) {
    return switch (claim.kind()) {
      case OWNER -> Optional.of(new WarmUpEvent.OwnSeatsFound(claim));
      case SUCCESSOR ->
          returned(claim, view).isPresent()
              ? Optional.empty()
              : Optional.of(new WarmUpEvent.SuccessionGranted(claim));
    };
  }

  private static Optional<WarmUpEvent> goesOn(
      Phase phase, Claim held, Optional<Claim> named, ClusterView view) {
    if (phase == Phase.PROMOTING
        && named.filter(claim -> owns(claim) && claim.shards().equals(held.shards())).isPresent()) {
      return Optional.of(new WarmUpEvent.RingDecided(named.get()));
    }
    if (named.filter(held::sameAs).isEmpty()) {
      return Optional.of(new WarmUpEvent.SeatsChanged(how(named, view.ring().orElseThrow())));
    }
    return owns(held) ? Optional.empty() : returned(held, view).map(WarmUpEvent.OwnerReturned::new);
  }

  private static String how(Optional<Claim> named, Ring ring) {
    return "epoch "
        + ring.epoch()
        + named
            .map(claim -> " names us " + claim.kind() + " of " + claim.shards().size() + " shards")
            .orElse(" gives us no shards");
  }

  private static boolean owns(Claim claim) {
    return claim.kind() == Claim.Kind.OWNER;
  }

  /** An owner that a successor was to replace and that serves again. */
  private static Optional<NodeId> returned(Claim claim, ClusterView view) {
    Ring ring = view.ring().orElseThrow();
    List<Seat> row = ring.seats().getOrDefault(view.self().rack(), List.of());
    return claim.shards().stream()
        .map(shard -> row.get(shard).owner())
        .filter(view::serves)
        .findFirst();
  }

  /**
   * What to ask of the ring so that the warm-up can begin, end, or be given up for good; empty
   * where there is nothing to ask. To be asked again, while it is so, until the ring has decided.
   */
  public static Optional<RingChange> proposal(WarmUp warmUp, ClusterView view) {
    if (view.ring().isEmpty()) {
      return Optional.empty();
    }
    Ring ring = view.ring().get();
    Member self = view.self();
    if (departing(ring, self.id()).isPresent()) {
      return Optional.empty();
    }
    if (ring.isLost(self.id()) || !ring.member(self.id()).equals(Optional.of(self))) {
      return Optional.of(new RingChange.Join(self, replacesNamesake(ring, self)));
    }
    return switch (warmUp.phase()) {
      case STANDBY -> seats(ring, view);
      case FAILED ->
          ring.succeededBy(self.id()).isEmpty()
              ? Optional.empty()
              : Optional.of(new RingChange.StepDown(self.id()));
      // An owner asks for nothing: it is enough that the newest ring still names it.
      case PROMOTING ->
          warmUp
              .claim()
              .filter(claim -> !owns(claim))
              .map(claim -> new RingChange.Promote(self.id()));
      // What drains asks by itself, once there is something to ask for.
      case STREAMING, VERIFYING, MASTER, STALE, DRAINING, EMPTYING -> Optional.empty();
    };
  }

  private static Optional<RingChange> seats(Ring ring, ClusterView view) {
    NodeId self = view.self().id();
    SeatChoice choice = SeatChoice.of(self, ring, view.reachable());
    if (choice instanceof SeatChoice.Claim claim) {
      return Optional.of(new RingChange.Succeed(claim.owner(), self));
    }
    return choice instanceof SeatChoice.Succeeding succeeding && view.serves(succeeding.owner())
        ? Optional.of(new RingChange.StepDown(self))
        : Optional.empty();
  }

  /** Whether the node that bears our name must be gone: we are reached where it was. */
  private static boolean replacesNamesake(Ring ring, Member self) {
    return ring.members().stream()
        .anyMatch(
            other ->
                other.id().name().equals(self.id().name())
                    && !other.id().equals(self.id())
                    && other.arteryAddress().equals(self.arteryAddress()));
  }

  /**
   * What a comparison means by now.
   *
   * @param compared the ring by which it was made
   */
  public static WarmUpEvent judge(Claim claim, Ring compared, ClusterView view, RunReport report) {
    Ring newest = view.ring().orElseThrow();
    String rack = view.self().rack();
    if (!Proof.others(newest, rack, claim.shards())
        .equals(Proof.others(compared, rack, claim.shards()))) {
      return new WarmUpEvent.ProofLacking("the other owners changed meanwhile");
    }
    WarmUpEvent event = Proof.judge(newest, view.self().id(), rack, claim.shards(), report);
    return event instanceof WarmUpEvent.ProofGiven
        ? notYetLost(claim, newest, rack)
            .<WarmUpEvent>map(WarmUpEvent.SeatNotFree::new)
            .orElse(event)
        : event;
  }

  /** An owner whose seats a successor is to take and that the ring does not take for lost. */
  private static Optional<NodeId> notYetLost(Claim claim, Ring ring, String ownRack) {
    List<Seat> row = ring.seats().getOrDefault(ownRack, List.of());
    return claim.shards().stream()
        .map(shard -> row.get(shard).owner())
        .filter(owner -> !owns(claim) && !ring.isLost(owner))
        .findFirst();
  }
}

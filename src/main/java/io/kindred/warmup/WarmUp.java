package io.kindred.warmup;

import io.kindred.ring.Phase;
import io.kindred.warmup.WarmUpAction.Announce;
import io.kindred.warmup.WarmUpAction.CatchUp;
import io.kindred.warmup.WarmUpAction.DrainLog;
import io.kindred.warmup.WarmUpAction.Leave;
import io.kindred.warmup.WarmUpAction.OpenFeeds;
import io.kindred.warmup.WarmUpAction.Serve;
import io.kindred.warmup.WarmUpAction.StartOver;
import io.kindred.warmup.WarmUpAction.StopServing;
import io.kindred.warmup.WarmUpAction.StopWork;
import io.kindred.warmup.WarmUpAction.Stream;
import io.kindred.warmup.WarmUpAction.Verify;
import io.kindred.warmup.WarmUpAction.VerifyAgain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node's warm-up as a value: where it stands, and what it warms up for. Knows no clock, thread or
 * actor.
 *
 * <p>Invariant: it has a claim exactly from STREAMING to MASTER, and while STALE.
 */
public record WarmUp(Phase phase, Optional<Claim> claim) {

  /** Where every start begins, whatever the disk says: only proof makes a master. */
  public static final WarmUp BEGIN = new WarmUp(Phase.STANDBY, Optional.empty());

  /** Where the warm-up stands after an event, why, and what must be done about it. */
  public record Step(WarmUp next, String because, List<WarmUpAction> actions) {}

  public WarmUp {
    boolean claims = claims(phase);
    if (claims != claim.isPresent()) {
      throw new IllegalArgumentException(
          "a node has a claim exactly from STREAMING to MASTER, or stale: " + phase + ", " + claim);
    }
  }

  private static boolean serves(Phase phase) {
    return phase == Phase.MASTER || phase == Phase.STALE;
  }

  private static boolean claims(Phase phase) {
    return switch (phase) {
      case STREAMING, VERIFYING, PROMOTING, MASTER, STALE -> true;
      case STANDBY, DRAINING, EMPTYING, FAILED -> false;
    };
  }

  /** What an event leads to; throws {@link IllegalMove} where the table has no row for it. */
  public Step on(WarmUpEvent event) {
    WarmUpTable.Row row = WarmUpTable.row(phase, event);
    WarmUp next = new WarmUp(row.to(), claimAfter(row.to(), event));
    List<WarmUpAction> actions =
        row.to() == phase ? next.stayed(event) : next.enteredFrom(phase, event);
    return new Step(next, row.because(), actions);
  }

  private Optional<Claim> claimAfter(Phase to, WarmUpEvent event) {
    if (!claims(to)) {
      return Optional.empty();
    }
    if (event instanceof WarmUpEvent.OwnSeatsFound found) {
      return Optional.of(found.claim());
    }
    if (event instanceof WarmUpEvent.SuccessionGranted granted) {
      return Optional.of(granted.claim());
    }
    return event instanceof WarmUpEvent.RingDecided decided ? Optional.of(decided.claim()) : claim;
  }

  /** What is done when an event leaves the phase as it is. */
  private List<WarmUpAction> stayed(WarmUpEvent event) {
    if (event instanceof WarmUpEvent.FeedsOpened) {
      return List.of(new Stream(claim.orElseThrow()));
    }
    return phase == Phase.VERIFYING ? List.of(new VerifyAgain(claim.orElseThrow())) : List.of();
  }

  private List<WarmUpAction> enteredFrom(Phase before, WarmUpEvent event) {
    List<WarmUpAction> actions = new ArrayList<>();
    actions.add(new StopWork());
    if (serves(before)) {
      actions.add(new StopServing());
    }
    if (serves(phase)) {
      // Before the others hear of it: what they send at once is to be served.
      actions.add(new Serve(claim.orElseThrow()));
    }
    actions.add(new Announce(phase));
    work().ifPresent(actions::add);
    if (event instanceof WarmUpEvent.FoundForgotten) {
      actions.add(new Leave());
    }
    return List.copyOf(actions);
  }

  /** What a phase is there to do; what is asked of the ring is {@link Outlook}'s to say. */
  private Optional<WarmUpAction> work() {
    return switch (phase) {
      case STREAMING -> claim.map(held -> owns() ? new CatchUp(held) : new OpenFeeds(held));
      case VERIFYING -> claim.map(Verify::new);
      case DRAINING -> Optional.of(new DrainLog());
      case EMPTYING -> Optional.of(new StartOver());
      case STANDBY, PROMOTING, MASTER, STALE, FAILED -> Optional.empty();
    };
  }

  private boolean owns() {
    return claim.filter(held -> held.kind() == Claim.Kind.OWNER).isPresent();
  }
}

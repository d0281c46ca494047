package io.kindred.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.ring.Phase;
import io.kindred.warmup.WarmUpAction.Announce;
import io.kindred.warmup.WarmUpAction.Serve;
import io.kindred.warmup.WarmUpAction.StopServing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of moves as a whole: every pair of a phase and an event. */
class WarmUpTableTest {

  private static final Claim OWNER = new Claim(Claim.Kind.OWNER, 3, new TreeSet<>(Set.of(0, 1, 2)));
  private static final Claim SUCCESSOR =
      new Claim(Claim.Kind.SUCCESSOR, 4, new TreeSet<>(Set.of(0, 1)));

  private static final Set<Phase> SERVING = EnumSet.of(Phase.MASTER, Phase.STALE);

  private static final List<WarmUpEvent> EVENTS =
      List.of(
          new WarmUpEvent.OwnSeatsFound(OWNER),
          new WarmUpEvent.SuccessionGranted(SUCCESSOR),
          new WarmUpEvent.FeedsOpened(),
          new WarmUpEvent.FeedsCaughtUp("all"),
          new WarmUpEvent.ShardStreamed(1),
          new WarmUpEvent.SourceLost(Rings.node(1), "died"),
          new WarmUpEvent.AllStreamed(),
          new WarmUpEvent.ProofGiven(2),
          new WarmUpEvent.DifferenceRepaired(1),
          new WarmUpEvent.ProofLacking("n1"),
          new WarmUpEvent.SeatNotFree(Rings.node(1)),
          new WarmUpEvent.LeftAlone(),
          new WarmUpEvent.OthersFound(),
          new WarmUpEvent.RingDecided(OWNER),
          new WarmUpEvent.RingUndecided("no majority"),
          new WarmUpEvent.OwnerReturned(Rings.node(1)),
          new WarmUpEvent.SeatsChanged("gone"),
          new WarmUpEvent.StoreBroken("disk full"),
          new WarmUpEvent.FoundFormer(5),
          new WarmUpEvent.Released(6),
          new WarmUpEvent.FoundForgotten(6),
          new WarmUpEvent.Cancelled(),
          new WarmUpEvent.BeginAgain());

  @Test
  void everyEventIsWalked() {
    assertThat(EVENTS.stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(Set.of(WarmUpEvent.class.getPermittedSubclasses()));
  }

  @Test
  void aPairHasARowOrIsRefused() {
    for (WarmUp warmUp : everyWarmUp()) {
      for (WarmUpEvent event : EVENTS) {
        Optional<WarmUpTable.Row> row = WarmUpTable.find(warmUp.phase(), event);
        if (row.isPresent()) {
          WarmUp.Step step = warmUp.on(event);
          assertThat(step.next().phase()).isEqualTo(row.get().to());
          assertThat(step.because()).isNotBlank();
        } else {
          assertThatThrownBy(() -> warmUp.on(event))
              .isInstanceOf(IllegalMove.class)
              .hasMessageContaining(warmUp.phase().name());
        }
      }
    }
  }

  @Test
  void noPairHasTwoRows() {
    assertThat(WarmUpTable.ROWS.stream().map(row -> List.of(row.from(), row.when())))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyPhaseCanBeReachedAndOnlyAProofLeadsToMaster() {
    Set<Phase> reached = EnumSet.of(Phase.STANDBY);
    Deque<Phase> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      Phase from = open.pop();
      WarmUpTable.ROWS.stream()
          .filter(row -> row.from() == from && reached.add(row.to()))
          .forEach(row -> open.push(row.to()));
    }
    assertThat(reached).containsExactlyInAnyOrder(Phase.values());
    assertThat(into(Phase.MASTER)).containsExactly(WarmUpEvent.RingDecided.class);
    assertThat(into(Phase.PROMOTING)).containsExactly(WarmUpEvent.ProofGiven.class);
  }

  @Test
  void servingAndAnnouncingFollowThePhase() {
    for (WarmUp warmUp : everyWarmUp()) {
      for (WarmUpEvent event : EVENTS) {
        if (WarmUpTable.find(warmUp.phase(), event).isEmpty()) {
          continue;
        }
        WarmUp.Step step = warmUp.on(event);
        Phase to = step.next().phase();
        boolean moved = to != warmUp.phase();
        assertThat(step.actions().contains(new Announce(to))).isEqualTo(moved);
        assertThat(step.actions().stream().anyMatch(Serve.class::isInstance))
            .isEqualTo(moved && SERVING.contains(to));
        assertThat(step.actions().contains(new StopServing()))
            .isEqualTo(moved && SERVING.contains(warmUp.phase()));
      }
    }
  }

  @Test
  void aNodeIsEmptiedOnlyOnceTheRingHasReleasedIt() {
    for (WarmUp warmUp : everyWarmUp()) {
      for (WarmUpEvent event : EVENTS) {
        if (WarmUpTable.find(warmUp.phase(), event).isPresent()) {
          boolean released =
              warmUp.phase() == Phase.DRAINING && event instanceof WarmUpEvent.Released;
          assertThat(warmUp.on(event).actions().contains(new WarmUpAction.StartOver()))
              .isEqualTo(released);
          assertThat(warmUp.on(event).actions().contains(new WarmUpAction.Leave()))
              .isEqualTo(event instanceof WarmUpEvent.FoundForgotten);
        }
      }
    }
  }

  @Test
  void aPromotedSuccessorIsAnOwner() {
    WarmUp promoting = new WarmUp(Phase.PROMOTING, Optional.of(SUCCESSOR));
    assertThat(promoting.on(new WarmUpEvent.RingDecided(OWNER)).next())
        .isEqualTo(new WarmUp(Phase.MASTER, Optional.of(OWNER)));
  }

  @Test
  void thePictureIsTheTable() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/warmup/transitions.txt")) {
      assertThat(picture()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static List<Class<? extends WarmUpEvent>> into(Phase to) {
    List<Class<? extends WarmUpEvent>> into = new ArrayList<>();
    WarmUpTable.ROWS.stream().filter(row -> row.to() == to).forEach(row -> into.add(row.when()));
    return into;
  }

  private static List<WarmUp> everyWarmUp() {
    List<WarmUp> all = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      if (Set.of(Phase.STANDBY, Phase.DRAINING, Phase.EMPTYING, Phase.FAILED).contains(phase)) {
        all.add(new WarmUp(phase, Optional.empty()));
      } else {
        all.add(new WarmUp(phase, Optional.of(OWNER)));
        all.add(new WarmUp(phase, Optional.of(SUCCESSOR)));
      }
    }
    return all;
  }

  /** Events down, phases across; a dash where the pair is refused. */
  private static String picture() {
    StringBuilder picture = new StringBuilder();
    picture.append(line("", Arrays.stream(Phase.values()).map(Phase::name).toList()));
    for (WarmUpEvent event : EVENTS) {
      List<String> cells =
          Arrays.stream(Phase.values())
              .map(phase -> WarmUpTable.find(phase, event).map(row -> row.to().name()).orElse("-"))
              .toList();
      picture.append(line(event.getClass().getSimpleName(), cells));
    }
    return picture.toString();
  }

  private static String line(String head, List<String> cells) {
    StringBuilder line = new StringBuilder(String.format("%-18s", head));
    cells.forEach(cell -> line.append(String.format("  %-9s", cell)));
    return line.toString().stripTrailing() + "\n";
  }
}

package io.kindred.cli.bench;

import io.kindred.cli.bench.SteadyLoad.Phase;
import io.kindred.management.NodesPage.NodeRow;
import io.kindred.management.WarmUpsPage;
import io.kindred.reconcile.RunReport;
import io.kindred.storage.actor.NodeProtocol.FeedLag;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * One rack's node is killed and started again after a while, under writes to the two others that do
 * not wait for anybody. How soon it is a master again that has everything, what that moved, and
 * what the clients of the racks that stayed felt of it.
 */
record AwaySection(RacksPlan racks) implements Section {

  private static final int PER_SECOND = 5_000;
  private static final int CONNECTIONS = 25;
  private static final int VALUE_BYTES = 100;

  /** With writes going on a feed always has something under way: no more than of a second. */
  private static final long LAG_BYTES_MAX = PER_SECOND * 2L * VALUE_BYTES;

  private static final Duration BACK_WITHIN = Duration.ofMinutes(15);
  private static final Duration COMPARED_WITHIN = Duration.ofMinutes(5);
  private static final double SECONDS_MAX = 60;
  private static final double MOVED_MAX = 1.2;
  private static final double LATENCY_MAX = 1.2;
  private static final String RUNS = "/kindred/v1/reconciliations";

  /**
   * What was seen.
   *
   * @param seconds from its start until it was a master again that had everything
   * @param moved bytes that were sent to it from the moment it went
   * @param owed bytes that it had to get in that time
   * @param differing slots that differed at the end, when all was quiet
   * @param replaced whether somebody else had taken its place
   * @param diverged whether a feed had given something up
   */
  record Seen(
      double seconds,
      double moved,
      double owed,
      int differing,
      boolean replaced,
      boolean diverged) {}

  @Override
  public String name() {
    return "away";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return racks.outage().plus(racks.calm().multipliedBy(3)).plusMinutes(2);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    NodeChoice choice =
        scene
            .node()
            .with("kindred.ring.declare-lost-after", racks.declareLostAfter().toSeconds() + "s");
    try (KindredRacks kindred = KindredRacks.start(scene.workbench(), choice, RacksBench.RACKS)) {
      scene.say().accept("away: loading " + scene.plan().keys() + " keys");
      Loader.load(kindred.port(), 0, scene.plan().keys(), VALUE_BYTES);
      kindred.settle();
      SteadyLoad load =
          SteadyLoad.start(
              List.of(kindred.port(), kindred.node(1).port()), slice(scene.plan().keys()));
      Absence absence;
      try (load) {
        absence = goAndComeBack(scene, kindred, load);
      }
      scene.say().accept("away: comparing what the racks hold");
      return rows(seen(kindred, absence), load);
    }
  }

  /** The node that goes, as it was, and how long it took to come back. */
  private record Absence(KindredServer node, NodeRow then, List<FeedLag> feeds, double seconds) {}

  private Absence goAndComeBack(BenchScene scene, KindredRacks kindred, SteadyLoad load)
      throws IOException {
    KindredServer away = kindred.node(RacksBench.RACKS - 1);
    Watch stayed = kindred.node(0).watch();
    scene.say().accept("away: the load before");
    stayed.pause(racks.calm());
    load.enter(Phase.BEFORE);
    stayed.pause(racks.calm());
    List<NodeRow> rows = kindred.rows();
    NodeRow then = KindredRacks.row(rows, away);
    List<FeedLag> feeds = KindredRacks.feedsTo(rows, away);
    scene.say().accept("away: " + away.name() + " is away");
    away.kill();
    load.enter(Phase.DURING);
    stayed.pause(racks.outage());
    scene.say().accept("away: " + away.name() + " comes back");
    load.enter(Phase.AFTER);
    long began = System.nanoTime();
    away.begin();
    away.watch().until(() -> kindred.isWhole(kindred.rows(), LAG_BYTES_MAX), BACK_WITHIN);
    double seconds = (System.nanoTime() - began) / 1e9;
    stayed.pause(racks.calm());
    return new Absence(away, then, feeds, seconds);
  }

  private static Seen seen(KindredRacks kindred, Absence absence) throws IOException {
    kindred.settle();
    List<NodeRow> rows = kindred.rows();
    List<FeedLag> feeds = KindredRacks.feedsTo(rows, absence.node());
    double streamed =
        kindred.node(0).page("/kindred/v1/warmups", WarmUpsPage.class).warmUps().stream()
            .filter(row -> row.node().equals(absence.then().node()))
            .mapToLong(WarmUpsPage.WarmUpRow::bytesStreamed)
            .sum();
    double sent = sum(feeds, FeedLag::sentBytes) - sum(absence.feeds(), FeedLag::sentBytes);
    double logged = sum(feeds, FeedLag::logEnd) - sum(absence.feeds(), FeedLag::logEnd);
    return new Seen(
        absence.seconds(),
        sent + streamed,
        logged / feeds.size(),
        differing(kindred.node(0)),
        !KindredRacks.row(rows, absence.node()).node().equals(absence.then().node()),
        feeds.stream().anyMatch(feed -> feed.divergedSinceMillis() > 0));
  }

  private static long sum(List<FeedLag> feeds, ToLongFunction<FeedLag> figure) {
    return feeds.stream().mapToLong(figure).sum();
  }

  /** Slots that differ between the racks, by a reconciliation. */
  private static int differing(KindredServer node) throws IOException {
    String run = RUNS + "/" + node.post(RUNS, RunReport.class).id();
    node.watch()
        .until(
            () -> node.page(run, RunReport.class).state() != RunReport.State.RUNNING,
            COMPARED_WITHIN);
    RunReport report = node.page(run, RunReport.class);
    if (report.state() != RunReport.State.COMPLETED || report.shardsNotCompared() > 0) {
      throw new NotMeasured("the racks could not be compared: " + report.reason());
    }
    return report.slotsDiffering();
  }

  private List<Row> rows(Seen seen, SteadyLoad load) throws NotMeasured {
    double before = load.p99Millis(Phase.BEFORE);
    String errors = load.errors() == 0 ? "" : "; " + load.errors() + " answers were errors";
    String told =
        String.format(
            Locale.ROOT,
            "%,d writes, p99 against %.2f ms before%s",
            load.answered(),
            before,
            errors);
    return List.of(
        back(seen, racks.outage()),
        moved(seen),
        differing(seen),
        p99("away p99 while it is away", load.p99Millis(Phase.DURING), before).remark(told),
        p99("away p99 while it comes back", load.p99Millis(Phase.AFTER), before).remark(told));
  }

  static Row back(Seen seen, Duration outage) {
    if (seen.replaced()) {
      return Row.notMeasured("away until whole", "somebody else has taken the node's place");
    }
    return Row.own(
            "away until whole",
            "s",
            Samples.of(seen.seconds()),
            "",
            Optional.empty(),
            Optional.of(Goal.atMost(SECONDS_MAX)))
        .remark(
            String.format(
                Locale.ROOT,
                "after %d s away; from its start until it serves and no feed lags by more than %d"
                    + " KB, under load%s",
                outage.toSeconds(),
                LAG_BYTES_MAX / 1000,
                seen.diverged() ? "; a feed HAD GIVEN SOMETHING UP" : ""));
  }

  /** What was moved to it, over what it had to get. */
  static Row moved(Seen seen) {
    return Row.ratio(
            "away bytes moved",
            "MB",
            Samples.of(seen.moved() / 1e6),
            "its share",
            Samples.of(seen.owed() / 1e6),
            Optional.of(Goal.atMost(MOVED_MAX)))
        .remark(
            "fed and streamed since it went, against what the others logged of their own clients");
  }

  static Row differing(Seen seen) {
    return Row.own(
            "away slots that differ",
            "slots",
            Samples.of((double) seen.differing()),
            "",
            Optional.empty(),
            Optional.of(Goal.atMost(0)))
        .remark("by a reconciliation, once the load had ended");
  }

  private static Row p99(String title, double millis, double before) {
    return Row.ratio(
        title,
        "ms",
        Samples.of(millis),
        "before",
        Samples.of(before),
        Optional.of(Goal.atMost(LATENCY_MAX)));
  }

  private LoadPlan slice(long keys) {
    Duration lasts = Duration.ofMillis(Math.min(5_000, racks.calm().toMillis() / 5));
    int stores = RacksBench.RACKS - 1;
    return new LoadPlan(
        CONNECTIONS, PER_SECOND / (double) stores, lasts, VALUE_BYTES, keys, 1, true);
  }
}

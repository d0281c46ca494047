package io.kindred.management;

import io.kindred.management.WarmUpsPage.WarmUpRow;
import io.kindred.membership.ClockStatus;
import io.kindred.membership.ClusterView;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import io.kindred.storage.actor.SnapshotStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Sources that a test sets. */
public final class FixedSources implements Sources {

  public volatile ClusterView view = Sample.view(java.util.Set.of(), Map.of());
  public volatile ClockStatus clocks = ClockStatus.NONE;
  public volatile List<WarmUpRow> warmUps = List.of();
  public volatile List<RunReport> runs = List.of();
  public volatile Optional<Throwable> failure = Optional.empty();
  public final List<String> given = new CopyOnWriteArrayList<>();
  public final AtomicInteger started = new AtomicInteger();

  @Override
  public ClusterView view() {
    return view;
  }

  @Override
  public ClockStatus clocks() {
    return clocks;
  }

  @Override
  public CompletionStage<Map<NodeId, NodeStats>> stats() {
    return answer(Map.of(Sample.NODE_1, Sample.stats(Sample.NODE_1)));
  }

  @Override
  public CompletionStage<List<WarmUpRow>> warmUps() {
    return answer(warmUps);
  }

  @Override
  public CompletionStage<List<RunReport>> reconciliations() {
    return answer(runs);
  }

  @Override
  public CompletionStage<Optional<RunReport>> reconciliation(String id) {
    return answer(runs.stream().filter(run -> run.id().equals(id)).findFirst());
  }

  @Override
  public CompletionStage<RunReport> reconcile() {
    started.incrementAndGet();
    return answer(Sample.report("r-new", RunReport.State.RUNNING));
  }

  @Override
  public CompletionStage<SnapshotStatus> snapshots() {
    return answer(new SnapshotStatus(false, 0, 100, 5, Optional.empty(), List.of()));
  }

  @Override
  public CompletionStage<SnapshotStatus> startSnapshots() {
    started.incrementAndGet();
    return answer(new SnapshotStatus(true, 7, 0, 5, Optional.empty(), List.of()));
  }

  @Override
  public CompletionStage<LossPage> forgetting(String node) {
    NodeId meant = GivenUp.meant(view.ring().orElseThrow(), node);
    return answer(LossPage.ofForgetting(view.ring().orElseThrow(), meant, List.of()));
  }

  @Override
  public CompletionStage<LossPage.Done> forget(String node) {
    given.add("forget " + node);
    return answer(new LossPage.Done(9));
  }

  @Override
  public CompletionStage<LossPage> recovering() {
    return answer(LossPage.ofRecovery(view));
  }

  @Override
  public CompletionStage<LossPage.Done> recover(SortedSet<String> without) {
    given.add("recover without " + without);
    return answer(new LossPage.Done(9));
  }

  private <T> CompletionStage<T> answer(T value) {
    return failure
        .<CompletionStage<T>>map(CompletableFuture::failedFuture)
        .orElseGet(() -> CompletableFuture.completedFuture(value));
  }
}

package io.kindred.management;

import io.kindred.management.WarmUpsPage.WarmUpRow;
import io.kindred.membership.ClockStatus;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.actor.ReconcilerProtocol;
import io.kindred.replication.actor.FeedInbox;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import io.kindred.storage.actor.Peers;
import io.kindred.storage.actor.SnapshotStatus;
import io.kindred.storage.actor.Snapshots;
import io.kindred.warmup.Progress;
import io.kindred.warmup.actor.WarmUpProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster's actors. Only members in reach are asked, so that a dead one costs no page its
 * deadline.
 */
public final class ClusterSources implements Sources {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterSources.class);

  /**
   * Long enough for a node that collects garbage, short enough for a person who waits. A page waits
   * once for all.
   */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);

  /** Longer than a proposer tries. */
  private static final Duration DECIDED_WITHIN = Duration.ofSeconds(8);

  private final ActorSystem<?> system;
  private final ViewBoard board;
  private final ActorRef<RingProtocol.Command> ring;
  private final Peers peers;
  private volatile Optional<ActorRef<ReconcilerProtocol.Command>> engine = Optional.empty();
  private volatile Optional<ActorRef<Snapshots.Command>> snapshots = Optional.empty();

  /**
   * The sources of one node.
   *
   * @param ring its ring keeper
   */
  public ClusterSources(
      ActorSystem<?> system, ViewBoard board, ActorRef<RingProtocol.Command> ring) {
    this.system = system;
    this.board = board;
    this.ring = ring;
    this.peers = new Peers(system);
  }

  /** Where the reconciliation engine is reached; empty while the node starts. */
  public Optional<ActorRef<ReconcilerProtocol.Command>> engine() {
    return engine;
  }

  /** Says where the reconciliation engine is reached, once that is known. */
  public void engine(ActorRef<ReconcilerProtocol.Command> reached) {
    engine = Optional.of(reached);
  }

  /** Says where this node's snapshots are asked about, once that is known. */
  public void snapshots(ActorRef<Snapshots.Command> actor) {
    snapshots = Optional.of(actor);
  }

  @Override
  public ClusterView view() {
    return board.current();
  }

  @Override
  public ClockStatus clocks() {
    return board.clocks().current();
  }

  @Override
  public CompletionStage<Map<NodeId, NodeStats>> stats() {
    return fromEach(
        member ->
            AskPattern.ask(
                peers.node(member),
                NodeProtocol.GetStats::new,
                ANSWERS_WITHIN,
                system.scheduler()));
  }

  @Override
  public CompletionStage<List<WarmUpRow>> warmUps() {
    ClusterView view = view();
    CompletionStage<Map<NodeId, Progress>> told =
        fromEach(
            member ->
                AskPattern.ask(
                    peers.<WarmUpProtocol.Command>actor(member, "node-manager"),
                    WarmUpProtocol.GetProgress::new,
                    ANSWERS_WITHIN,
                    system.scheduler()));
    return told.thenApply(
        progress ->
            NodesPage.members(view).stream()
                .map(member -> row(view, member, Optional.ofNullable(progress.get(member.id()))))
                .toList());
  }

  private static WarmUpRow row(ClusterView view, Member member, Optional<Progress> progress) {
    return progress
        .map(told -> WarmUpRow.of(told, System.currentTimeMillis()))
        .orElseGet(() -> WarmUpRow.unanswered(member, view.phase(member.id())));
  }

  @Override
  public CompletionStage<List<RunReport>> reconciliations() {
    return askEngine(ReconcilerProtocol.ListRuns::new).thenApply(ReconcilerProtocol.Runs::reports);
  }

  @Override
  public CompletionStage<Optional<RunReport>> reconciliation(String id) {
    CompletionStage<ReconcilerProtocol.RunShown> shown =
        askEngine(replyTo -> new ReconcilerProtocol.ShowRun(id, replyTo));
    return shown.thenApply(answer -> answer.report().stream().findFirst());
  }

  @Override
  public CompletionStage<RunReport> reconcile() {
    CompletionStage<ReconcilerProtocol.StartAnswer> answered =
        askEngine(replyTo -> new ReconcilerProtocol.StartRun("an operator asked for it", replyTo));
    return answered.thenApply(ClusterSources::started);
  }

  private static RunReport started(ReconcilerProtocol.StartAnswer answer) {
    if (answer instanceof ReconcilerProtocol.RunStarted started) {
      return started.report();
    }
    throw new Refused(((ReconcilerProtocol.RunRefused) answer).reason());
  }

  @Override
  public CompletionStage<SnapshotStatus> snapshots() {
    return askSnapshots(Snapshots.GetStatus::new);
  }

  @Override
  public CompletionStage<SnapshotStatus> startSnapshots() {
    return askSnapshots(Snapshots.Start::new);
  }

  @Override
  public CompletionStage<LossPage> forgetting(String node) {
    Ring known = knownRing();
    NodeId meant = GivenUp.meant(known, node);
    CompletionStage<Map<NodeId, FeedInbox.Received>> received =
        fromEach(
            member ->
                AskPattern.ask(
                    peers.<FeedInbox.Command>actor(member, FeedInbox.NAME),
                    replyTo -> new FeedInbox.GetReceived(meant, replyTo),
                    ANSWERS_WITHIN,
                    system.scheduler()));
    return received.thenApply(
        told -> LossPage.ofForgetting(known, meant, List.copyOf(new TreeMap<>(told).values())));
  }

  @Override
  public CompletionStage<LossPage.Done> forget(String node) {
    NodeId meant = GivenUp.meant(knownRing(), node);
    return askRing(replyTo -> new RingProtocol.Propose(new RingChange.Forget(meant), replyTo));
  }

  @Override
  public CompletionStage<LossPage> recovering() {
    knownRing();
    return CompletableFuture.completedFuture(LossPage.ofRecovery(view()));
  }

  @Override
  public CompletionStage<LossPage.Done> recover(SortedSet<String> without) {
    SortedSet<NodeId> gone =
        without.stream()
            .map(name -> GivenUp.meant(knownRing(), name))
            .collect(Collectors.toCollection(TreeSet::new));
    return askRing(replyTo -> new RingProtocol.Recover(gone, replyTo));
  }

  private Ring knownRing() {
    return view().ring().orElseThrow(() -> new Refused("this node knows no ring yet"));
  }

  private CompletionStage<LossPage.Done> askRing(
      Function<ActorRef<RingProtocol.Outcome>, RingProtocol.Command> question) {
    CompletionStage<RingProtocol.Outcome> answered =
        AskPattern.ask(ring, question::apply, DECIDED_WITHIN, system.scheduler());
    return answered.thenApply(ClusterSources::decided);
  }

  private static LossPage.Done decided(RingProtocol.Outcome outcome) {
    if (outcome instanceof RingProtocol.Decided decided) {
      return new LossPage.Done(decided.ring().epoch());
    }
    throw new Refused(
        outcome instanceof RingProtocol.Refused refused
            ? refused.reason()
            : "no majority of the voters answered: "
                + ((RingProtocol.NoMajority) outcome).reason());
  }

  private CompletionStage<SnapshotStatus> askSnapshots(
      Function<ActorRef<SnapshotStatus>, Snapshots.Command> question) {
    return snapshots
        .map(ref -> AskPattern.ask(ref, question::apply, ANSWERS_WITHIN, system.scheduler()))
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new Refused("this node is starting and has not read its disk yet")));
  }

  private <T> CompletionStage<T> askEngine(
      Function<ActorRef<T>, ReconcilerProtocol.Command> question) {
    return engine
        .map(ref -> AskPattern.ask(ref, question::apply, ANSWERS_WITHIN, system.scheduler()))
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new Refused("this node is starting and does not know the engine yet")));
  }

  /** The answers of those that gave one in time. */
  private <T> CompletionStage<Map<NodeId, T>> fromEach(
      Function<Member, CompletionStage<T>> question) {
    ClusterView view = view();
    SortedMap<NodeId, T> answers = new ConcurrentSkipListMap<>();
    List<CompletableFuture<Void>> all =
        NodesPage.members(view).stream()
            .filter(member -> view.reachable().contains(member.id()))
            .map(member -> collect(member.id(), question.apply(member), answers))
            .toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> Map.copyOf(answers));
  }

  private static <T> CompletableFuture<Void> collect(
      NodeId id, CompletionStage<T> answer, Map<NodeId, T> answers) {
    return answer
        .handle(
            (told, failure) -> {
              if (failure == null) {
                answers.put(id, told);
              } else {
                LOG.debug("{} did not answer a page's question", id, failure);
              }
              return (Void) null;
            })
        .toCompletableFuture();
  }
}

package io.kindred.membership.actor;

import io.kindred.entry.TimeSource;
import io.kindred.membership.ClusterView;
import io.kindred.membership.Loss;
import io.kindred.membership.Reach;
import io.kindred.membership.RecoveryOrder;
import io.kindred.membership.RingSettings;
import io.kindred.membership.ViewBoard;
import io.kindred.membership.Voter;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.storage.actor.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Knows the newest ring, makes it known, and has it changed. Runs on every node that owns shards or
 * may, under the guardian, by the name {@value #NAME}. Decides nothing by itself: rings are decided
 * by {@link RingVoter}s, on what {@link RingProposer}s ask.
 */
public final class RingKeeper extends AbstractBehavior<RingProtocol.Command> {

  /** The name it must be spawned by, so that others find it. */
  public static final String NAME = "ring";

  /** A decided ring that somebody else knew. */
  record Learnt(Ring ring) implements RingProtocol.Command {}

  /** A ring that this node's proposer saw chosen. */
  record Chosen(Ring ring) implements RingProtocol.Command {}

  private record OwnProposalAnswered(RingProtocol.Outcome outcome)
      implements RingProtocol.Command {}

  private record SubscriberGone(ActorRef<ClusterView> subscriber) implements RingProtocol.Command {}

  private enum Tick implements RingProtocol.Command {
    TICK
  }

  private final Member self;
  private final RingSettings settings;
  private final Notices notices;
  private final ClusterMembers cluster;
  private final Peers peers;
  private final Reach reach;
  private final ActorRef<RingVoter.Command> voter;
  private final ActorRef<RingProtocol.Outcome> ownOutcomes;
  private final Wishes wishes;
  private final ClockWatch clocks;
  private final FirstRing first;
  private final Strangers strangers;
  private Optional<Ring> ring;
  private Phase phase = Phase.STANDBY;
  private long lastTickNanos = System.nanoTime();

  private RingKeeper(
      ActorContext<RingProtocol.Command> context,
      Member self,
      RingDisk disk,
      RingSettings settings,
      TimeSource wall,
      ViewBoard board) {
    super(context);
    this.self = self;
    this.settings = settings;
    this.strangers = new Strangers(context.getLog());
    this.notices = new Notices(board);
    this.clocks = new ClockWatch(self.id(), wall, settings.clockLimits(), board.clocks());
    this.first = new FirstRing(settings.founding());
    this.cluster = new ClusterMembers(context.getSystem());
    this.wishes = new Wishes(context, self.id());
    this.peers = new Peers(context.getSystem());
    this.reach =
        new Reach(self.id(), settings.outOfReachAfter(), settings.pulseInterval().multipliedBy(2));
    this.ownOutcomes = context.messageAdapter(RingProtocol.Outcome.class, OwnProposalAnswered::new);
    Voter asOnDisk = disk.voter(self.id());
    this.ring = asOnDisk.ring();
    this.voter =
        context.spawn(
            RingVoter.create(disk, asOnDisk, context.getSelf()),
            RingVoter.NAME,
            DispatcherSelector.blocking());
    context.watch(voter); // without its voter the keeper is to fail, not to go on
    ring.ifPresent(
        known ->
            context.getLog().info("the ring on disk is {} epoch {}", known.id(), known.epoch()));
    expectMembers();
    publish();
  }

  /**
   * The keeper of one node.
   *
   * @param self as it is to stand in the ring; its Artery address must be the system's own
   * @param dataDir where {@code ring.json} and {@code acceptor.json} lie, or will
   * @param wall the clock that stamps this node's writes, which the others' are compared with
   */
  public static Behavior<RingProtocol.Command> create(
      Member self, Path dataDir, RingSettings settings, TimeSource wall, ViewBoard board) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.setLoggerName(RingKeeper.class);
                  timers.startTimerWithFixedDelay(
                      Tick.TICK, Duration.ZERO, settings.pulseInterval());
                  return new RingKeeper(
                      context, self, RingDisk.open(dataDir), settings, wall, board);
                }));
  }

  @Override
  public Receive<RingProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Tick.TICK, this::onTick)
        .onMessage(RingMessages.Pulse.class, this::onPulse)
        .onMessage(RingMessages.RingNews.class, news -> learn(news.ring()))
        .onMessage(Learnt.class, learnt -> learn(learnt.ring()))
        .onMessage(Chosen.class, this::onChosen)
        .onMessage(RingProtocol.Propose.class, this::onPropose)
        .onMessage(RingProtocol.Recover.class, this::onRecover)
        .onMessage(Wishes.Ended.class, this::onWishEnded)
        .onMessage(OwnProposalAnswered.class, this::onOwnProposalAnswered)
        .onMessage(RingProtocol.AnnouncePhase.class, this::onAnnouncePhase)
        .onMessage(RingProtocol.Subscribe.class, this::onSubscribe)
        .onMessage(SubscriberGone.class, this::onSubscriberGone)
        .build();
  }

  private Behavior<RingProtocol.Command> onTick() {
    long now = System.nanoTime();
    reach.passed(Duration.ofNanos(now - lastTickNanos));
    lastTickNanos = now;
    expectMembers();
    clocks.judge(ring, reach.inReach());
    sendPulses();
    publish();
    if (wishes.isIdle()) {
      ring.ifPresentOrElse(this::declareLost, this::found);
    }
    ring.ifPresent(known -> cluster.downGone(known, reach.addressesInReach()));
    return this;
  }

  private void expectMembers() {
    reach.expect(
        ring.map(known -> known.members().stream().map(Member::id).toList()).orElse(List.of()));
  }

  private void sendPulses() {
    tellAll(RingMessages.Pulse.of(self, ring, phase, clocks.pulse(), reach.silences()));
  }

  private void tellAll(RingProtocol.Command message) {
    cluster.others(ring, self).forEach(address -> peers.actorAt(address, NAME).tell(message));
  }

  private Behavior<RingProtocol.Command> onPulse(RingMessages.Pulse pulse) {
    NodeId from = pulse.from().id();
    if (strangers.is(ring, pulse)) {
      return this;
    }
    clocks.heard(from, pulse.clock());
    reach.heard(new Reach.Neighbour(pulse.from(), pulse.phase(), pulse.silences()));
    if (ring.isPresent() && pulse.epoch() < ring.get().epoch()) {
      peers
          .<RingProtocol.Command>actor(pulse.from(), NAME)
          .tell(new RingMessages.RingNews(ring.get()));
    }
    publish();
    return this;
  }

  private Behavior<RingProtocol.Command> onChosen(Chosen chosen) {
    learn(chosen.ring());
    tellAll(new RingMessages.RingNews(chosen.ring()));
    return this;
  }

  private Behavior<RingProtocol.Command> learn(Ring decided) {
    if (strangers.refuses(ring, decided)
        || ring.filter(known -> known.epoch() >= decided.epoch()).isPresent()) {
      return this;
    }
    getContext().getLog().info("ring {} epoch {}", decided.id(), decided.epoch());
    ring.ifPresent(before -> cluster.ringChanged(before, decided));
    ring = Optional.of(decided);
    voter.tell(new RingVoter.Keep(decided));
    wishes.learnt(decided);
    expectMembers();
    sendPulses();
    publish();
    return this;
  }

  private void found() {
    List<Member> seen = reach.neighboursInReach().stream().map(Reach.Neighbour::member).toList();
    first
        .of(self, seen, cluster.upAddresses())
        .ifPresent(ring -> wishes.add(Wishes.forFirst(ring), ownOutcomes, Optional.empty()));
  }

  /** The first voter that is in reach proposes; should two think so, no harm is done. */
  private void declareLost(Ring known) {
    if (Loss.isProposer(self.id(), known, reach.inReach())) {
      Loss.in(known, reach.testimonies(), settings.declareLostAfter())
          .ifPresent(
              lost -> {
                getContext().getLog().warn("proposing that {} is lost", lost);
                wishes.add(Wishes.forChange(new RingChange.DeclareLost(lost)), ownOutcomes, ring);
              });
    }
  }

  private Behavior<RingProtocol.Command> onOwnProposalAnswered(OwnProposalAnswered answered) {
    if (!(answered.outcome() instanceof RingProtocol.Decided)) {
      getContext().getLog().warn("to be tried again: {}", answered.outcome());
    }
    return this;
  }

  private Behavior<RingProtocol.Command> onPropose(RingProtocol.Propose propose) {
    if (cluster.mayPropose(propose.change())) {
      wishes.add(Wishes.forChange(propose.change()), propose.replyTo(), ring);
    } else {
      propose.replyTo().tell(ClusterMembers.NOT_JOINED);
    }
    return this;
  }

  /** The one change that no majority decides: see the package {@code membership}. */
  private Behavior<RingProtocol.Command> onRecover(RingProtocol.Recover recover) {
    RecoveryOrder.Result result =
        RecoveryOrder.judge(
            ring, reach.inReach(), recover.without(), ThreadLocalRandom.current().nextLong());
    if (result instanceof RecoveryOrder.Formed formed) {
      getContext()
          .getLog()
          .warn("an operator's word: the ring goes on without {}", recover.without());
      learn(formed.ring());
      tellAll(new RingMessages.RingNews(formed.ring()));
      recover.replyTo().tell(new RingProtocol.Decided(formed.ring()));
    } else if (result instanceof RecoveryOrder.Refused refused) {
      recover.replyTo().tell(new RingProtocol.Refused(refused.reason()));
    }
    return this;
  }

  private Behavior<RingProtocol.Command> onWishEnded(Wishes.Ended ended) {
    wishes.ended(ring);
    return this;
  }

  private Behavior<RingProtocol.Command> onAnnouncePhase(RingProtocol.AnnouncePhase announce) {
    phase = announce.phase();
    sendPulses();
    publish();
    return this;
  }

  private Behavior<RingProtocol.Command> onSubscribe(RingProtocol.Subscribe subscribe) {
    if (notices.subscribe(subscribe.subscriber())) {
      getContext().watchWith(subscribe.subscriber(), new SubscriberGone(subscribe.subscriber()));
    }
    return this;
  }

  private Behavior<RingProtocol.Command> onSubscriberGone(SubscriberGone gone) {
    notices.unsubscribe(gone.subscriber());
    return this;
  }

  private void publish() {
    Map<NodeId, Phase> phases = reach.phases();
    phases.put(self.id(), phase);
    Member known = ring.flatMap(newest -> newest.member(self.id())).orElse(self);
    notices.show(new ClusterView(known, ring, phases, reach.inReach()));
  }
}

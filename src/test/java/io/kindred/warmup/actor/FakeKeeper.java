package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** A ring keeper that decides alone, by the real rules of ring changes. */
final class FakeKeeper extends AbstractBehavior<RingProtocol.Command> {

  /** What a test changes, and what it looks at. */
  static final class World {
    Optional<Ring> ring = Optional.empty();
    final Map<NodeId, Phase> phases = new HashMap<>();
    final Set<NodeId> reachable = new TreeSet<>();
    boolean majority = true;
    boolean mute;
  }

  /** Lets a test change the world, in the keeper's own thread. */
  record Change(Consumer<World> change) implements RingProtocol.Command {}

  private final Member self;
  private final World world = new World();
  private final List<Phase> announced;
  private final List<RingChange> proposed;
  private Optional<ActorRef<ClusterView>> subscriber = Optional.empty();

  static Behavior<RingProtocol.Command> create(
      Member self,
      CopyOnWriteArrayList<Phase> announced,
      CopyOnWriteArrayList<RingChange> proposed) {
    return Behaviors.setup(context -> new FakeKeeper(context, self, announced, proposed));
  }

  private FakeKeeper(
      ActorContext<RingProtocol.Command> context,
      Member self,
      List<Phase> announced,
      List<RingChange> proposed) {
    super(context);
    this.self = self;
    this.announced = announced;
    this.proposed = proposed;
  }

  @Override
  public Receive<RingProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Change.class,
            message -> {
              message.change().accept(world);
              return publish();
            })
        .onMessage(
            RingProtocol.Subscribe.class,
            message -> {
              subscriber = Optional.of(message.subscriber());
              return publish();
            })
        .onMessage(
            RingProtocol.AnnouncePhase.class,
            message -> {
              announced.add(message.phase());
              world.phases.put(self.id(), message.phase());
              return publish();
            })
        .onMessage(RingProtocol.Propose.class, this::onPropose)
        .build();
  }

  private Behavior<RingProtocol.Command> onPropose(RingProtocol.Propose propose) {
    proposed.add(propose.change());
    if (world.mute) {
      return this;
    }
    if (!world.majority) {
      propose.replyTo().tell(new RingProtocol.NoMajority("the link is cut"));
      return this;
    }
    Ring ring = world.ring.orElseThrow();
    RingChanges.Result result = RingChanges.apply(ring, propose.change());
    if (result instanceof RingChanges.NotAllowed not) {
      propose.replyTo().tell(new RingProtocol.Refused(not.reason()));
      return this;
    }
    Ring next = result instanceof RingChanges.Next one ? one.ring() : ring;
    world.ring = Optional.of(next);
    propose.replyTo().tell(new RingProtocol.Decided(next));
    return publish();
  }

  private Behavior<RingProtocol.Command> publish() {
    subscriber.ifPresent(
        to -> to.tell(new ClusterView(self, world.ring, world.phases, world.reachable)));
    return this;
  }
}

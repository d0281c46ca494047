package io.kindred.server;

import io.kindred.command.Call;
import io.kindred.storage.actor.LocalShards;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Takes what other nodes' clients ask of this node's shards. To be spawned under the name {@link
 * #NAME} once the shards are loaded. One child a link.
 */
public final class Gateway extends AbstractBehavior<GatewayProtocol.Command> {

  /** Its name under the guardian. */
  public static final String NAME = "gateway";

  private record Ended(ActorRef<GatewayProtocol.ToLink> link) implements GatewayProtocol.Command {}

  private final LocalShards shards;
  private final Consumer<Call> safe;
  private final ServerStats stats;

  /** Longer than {@link Link#QUIET_AFTER}: a link begins anew before it is forgotten here. */
  private static final Duration IDLE_AFTER = Duration.ofMinutes(2);

  private final Duration idleAfter;
  private final Map<ActorRef<GatewayProtocol.ToLink>, ActorRef<GatewayProtocol.Command>> sessions =
      new HashMap<>();
  private int begun;

  private Gateway(
      ActorContext<GatewayProtocol.Command> context,
      LocalShards shards,
      Consumer<Call> safe,
      ServerStats stats,
      Duration idleAfter) {
    super(context);
    this.shards = shards;
    this.safe = safe;
    this.stats = stats;
    this.idleAfter = idleAfter;
  }

  /**
   * The gateway of a node's shards.
   *
   * @param safe takes the commands whose keys' are put in one order
   */
  public static Behavior<GatewayProtocol.Command> create(
      LocalShards shards, Consumer<Call> safe, ServerStats stats) {
    return create(shards, safe, stats, IDLE_AFTER);
  }

  /** The same, with another time after which a link that says nothing is forgotten. */
  static Behavior<GatewayProtocol.Command> create(
      LocalShards shards, Consumer<Call> safe, ServerStats stats, Duration idleAfter) {
    return Behaviors.setup(context -> new Gateway(context, shards, safe, stats, idleAfter));
  }

  @Override
  public Receive<GatewayProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(GatewayProtocol.ToGateway.class, this::onToGateway)
        .onMessage(Ended.class, this::onEnded)
        .build();
  }

  private Behavior<GatewayProtocol.Command> onToGateway(GatewayProtocol.ToGateway message) {
    sessions.computeIfAbsent(message.from(), this::begin).tell(message);
    return this;
  }

  private ActorRef<GatewayProtocol.Command> begin(ActorRef<GatewayProtocol.ToLink> link) {
    begun++;
    ActorRef<GatewayProtocol.Command> session =
        getContext()
            .spawn(GatewaySession.create(shards, safe, stats, link, idleAfter), "session-" + begun);
    getContext().watchWith(session, new Ended(link));
    return session;
  }

  private Behavior<GatewayProtocol.Command> onEnded(Ended ended) {
    sessions.remove(ended.link());
    return this;
  }
}

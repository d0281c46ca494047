package io.kindred.storage.actor;

import io.kindred.ring.Member;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Reaches actors of other nodes by address and name. Ring members are addressed, not cluster
 * members that are Up: a joining node is only WeaklyUp while another is out of reach, and the
 * receptionist would come too late. A message to a node that is not there is lost, as any message
 * may be.
 *
 * <p>Resolve at each use: a reference to an actor of this very node that was resolved before the
 * actor started leads nowhere for ever.
 */
public final class Peers {

  private final ActorRefResolver resolver;

  public Peers(ActorSystem<?> system) {
    this.resolver = ActorRefResolver.get(system);
  }

  /** A member's Node actor. */
  public ActorRef<NodeProtocol.Command> node(Member member) {
    return actor(member, "node");
  }

  /** The actor of that name under the guardian of a member's system. */
  public <T> ActorRef<T> actor(Member member, String name) {
    return actorAt(member.arteryAddress(), name);
  }

  /** The actor of that name under the guardian of the system at an Artery address. */
  public <T> ActorRef<T> actorAt(String arteryAddress, String name) {
    return resolver.resolveActorRef(arteryAddress + "/user/" + name);
  }
}

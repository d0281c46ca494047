package io.kindred.warmup.actor;

import io.kindred.ring.NodeId;
import io.kindred.warmup.Progress;
import io.kindred.wire.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** What operators' tools, on this node and elsewhere, may ask of a node's {@link NodeManager}. */
public final class WarmUpProtocol {

  private WarmUpProtocol() {}

  /** A message to a NodeManager. */
  public interface Command {}

  /** Marks the commands that cross nodes. */
  public interface RemoteCommand extends Command, WireMessage {}

  /** Asks how far the node's warm-up is. */
  public record GetProgress(ActorRef<Progress> replyTo) implements RemoteCommand {}

  /** Calls a warm-up off; answered with how the node stands then. Changes nothing in a master. */
  public record Cancel(ActorRef<Progress> replyTo) implements RemoteCommand {}

  /** Lets a failed or cancelled warm-up begin again; changes nothing in any other. */
  public record BeginAgain(ActorRef<Progress> replyTo) implements RemoteCommand {}

  /** Why a node cannot go on as the one it is; for this node's guardian. */
  public sealed interface Leaving {}

  /** Every owner has what it had: it is to be emptied, and to start again as another node. */
  public record StartOver() implements Leaving {}

  /** An operator has forgotten it; its directory must not be used again. */
  public record Forgotten(NodeId node, long epoch) implements Leaving {}
}

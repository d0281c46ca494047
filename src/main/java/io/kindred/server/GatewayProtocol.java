package io.kindred.server;

import io.kindred.wire.Fragment;
import io.kindred.wire.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a node's {@link Link} and another node's {@link Gateway} say to each other. Requests and
 * replies are streams of fragments in both directions; each fragment acknowledges what came the
 * other way.
 */
public final class GatewayProtocol {

  private GatewayProtocol() {}

  /** A message to a gateway. */
  public interface Command {}

  /** What a link says to a gateway. */
  public sealed interface ToGateway extends Command, WireMessage {

    ActorRef<ToLink> from();
  }

  /**
   * A piece of a batch of requests, see {@link RequestBatch}.
   *
   * @param repliesReceived how many fragments of replies have come in this session
   */
  public record Requests(Fragment fragment, long repliesReceived, ActorRef<ToLink> from)
      implements ToGateway {}

  /** Fragments of replies have come, and there is nothing else to say. */
  public record RepliesReceived(long session, long count, ActorRef<ToLink> from)
      implements ToGateway {}

  /** A message to a link. */
  public interface ToLink {}

  /** What a gateway says to a link. */
  public sealed interface FromGateway extends ToLink, WireMessage {}

  /**
   * A piece of a batch of replies, see {@link ReplyBatch}.
   *
   * @param requestsReceived how many fragments of requests have come in this session
   */
  public record Replies(Fragment fragment, long requestsReceived) implements FromGateway {}

  /** Fragments of requests have come, and there is nothing else to say yet. */
  public record RequestsReceived(long session, long count) implements FromGateway {}

  /**
   * The stream of requests has a gap, or is not known: begin a new session.
   *
   * @param refused of this fragment and all behind it nothing was run, and nothing will be
   */
  public record Broken(long session, long refused, String reason) implements FromGateway {}
}

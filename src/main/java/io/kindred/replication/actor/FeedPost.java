package io.kindred.replication.actor;

import io.kindred.replication.LaneFeed;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.LocalShards;
import org.apache.pekko.actor.typed.ActorRef;

/** What a feeder has to send, as the messages that an inbox takes. */
final class FeedPost {

  // What is known of a lane's floor its origin works out itself, see Watermarks.
  private static final long NO_FLOOR = 0;

  private FeedPost() {}

  /**
   * A message.
   *
   * @param heard up to where the feeder knows that the peer has applied the lane's log
   */
  static FeedInbox.Command message(
      Feeder.Begin begin,
      NodeId peer,
      int lane,
      long heard,
      LaneFeed.Send send,
      ActorRef<Feeder.Ack> replyTo) {
    LocalShards shards = begin.shards();
    if (send instanceof LaneFeed.Hello hello) {
      return new FeedInbox.FeedHello(
          begin.self(), peer, shards.generation(), lane, shards.logs().size(), hello, replyTo);
    }
    LaneFeed.Carry carry = (LaneFeed.Carry) send;
    return new FeedInbox.FeedBatch(
        begin.self(),
        peer,
        lane,
        carry.session(),
        NO_FLOOR,
        heard,
        shards.quorums().get(lane).isWaiting(),
        carry.piece(),
        replyTo);
  }
}

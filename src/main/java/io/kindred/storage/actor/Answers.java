package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.command.Reply;
import io.kindred.storage.HeldBack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a lane's callers their answers. Whoever asked may fail over one; the others, and the lane,
 * go on.
 */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /**
   * Gives those that there are.
   *
   * @param replies null for a call that was sent elsewhere, or waits for other racks
   */
  static void give(Call[] calls, Reply[] replies) {
    for (int i = 0; i < calls.length; i++) {
      if (replies[i] != null) {
        give(calls[i], replies[i]);
      }
    }
  }

  /** Gives one. */
  static void give(Call call, Reply reply) {
    try {
      call.answer(reply);
    } catch (RuntimeException e) {
      LOG.error("the answer to a command in shard {} was not taken", call.shard(), e);
    }
  }

  /** The lane does not serve the call's shard. */
  static void notServing(Call call) {
    try {
      call.notServing();
    } catch (RuntimeException e) {
      LOG.error("a command for shard {} could not be sent on", call.shard(), e);
    }
  }

  /** The log has failed: what touched nothing that it could not take is answered all the same. */
  static void notLogged(Call[] calls, Reply[] replies, HeldBack heldBack, String reason) {
    Reply failure = ShardDesk.notLogged(reason);
    for (int i = 0; i < calls.length; i++) {
      if (replies[i] != null) {
        give(calls[i], ShardDesk.durable(calls[i].args(), replies[i], heldBack, failure));
      }
    }
  }
}

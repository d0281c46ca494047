package io.kindred.membership.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** Who is told of a new view: whoever looks at the board, and the subscribers. */
final class Notices {

  private final ViewBoard board;
  private final Set<ActorRef<ClusterView>> subscribers = new HashSet<>();

  Notices(ViewBoard board) {
    this.board = board;
  }

  /**
   * From now on it gets every new view, the current one first; false where it was there already.
   */
  boolean subscribe(ActorRef<ClusterView> subscriber) {
    subscriber.tell(board.current());
    return subscribers.add(subscriber);
  }

  void unsubscribe(ActorRef<ClusterView> subscriber) {
    subscribers.remove(subscriber);
  }

  /** Shows a view, if it differs from the one that hangs. */
  void show(ClusterView view) {
    if (!view.equals(board.current())) {
      board.show(view);
      subscribers.forEach(subscriber -> subscriber.tell(view));
    }
  }
}

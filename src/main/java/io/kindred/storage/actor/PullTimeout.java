package io.kindred.storage.actor;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Fails a stream whose sender owes an element for too long. Unlike Pekko's own idle time-out it
 * does not count the time in which the receiver asks for nothing: of several streams that are
 * merged, only the one that stalls is to blame, and all others wait for it.
 */
final class PullTimeout<T> extends GraphStage<FlowShape<T, T>> {

  private static final String OWED = "owed";

  private final Inlet<T> in = Inlet.create("PullTimeout.in");
  private final Outlet<T> out = Outlet.create("PullTimeout.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);
  private final Duration patience;

  PullTimeout(Duration patience) {
    this.patience = patience;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              cancelTimer(OWED);
              push(out, grab(in));
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              scheduleOnce(OWED, patience);
              pull(in);
            }
          });
    }

    @Override
    public void onTimer(Object timer) {
      failStage(new TimeoutException("nothing came for " + patience.toMillis() + " ms"));
    }
  }
}

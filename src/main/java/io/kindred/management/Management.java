package io.kindred.management;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.management.javadsl.PekkoManagement;

/** The management port of one node. */
public final class Management {

  private final PekkoManagement pekko;

  private Management(PekkoManagement pekko) {
    this.pekko = pekko;
  }

  /**
   * Opens the port that the configuration names. The stage fails where it cannot be bound. To be
   * called before Cluster Bootstrap is started, whose contact points are served here.
   */
  public static CompletionStage<Management> start(ActorSystem<?> system, Sources sources) {
    Desk.ID.get(system).lay(sources);
    Management management = new Management(PekkoManagement.get(system));
    CompletionStage<Uri> bound = management.pekko.start();
    return bound.thenApply(uri -> management);
  }

  /** Closes the port. */
  public CompletionStage<Done> stop() {
    return pekko.stop();
  }
}

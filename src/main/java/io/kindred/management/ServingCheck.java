package io.kindred.management;

import io.kindred.membership.ClusterView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/** Whether this node serves clients: what {@code /ready} answers. Named in management.conf. */
public final class ServingCheck implements Supplier<CompletionStage<Boolean>> {

  private final Desk desk;

  public ServingCheck(ActorSystem system) {
    this.desk = Desk.ID.get(system);
  }

  @Override
  public CompletionStage<Boolean> get() {
    return CompletableFuture.completedFuture(
        desk.sources().map(Sources::view).filter(ServingCheck::serves).isPresent());
  }

  private static boolean serves(ClusterView view) {
    return view.serves(view.self().id());
  }
}

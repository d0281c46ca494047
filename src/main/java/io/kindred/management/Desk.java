package io.kindred.management;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * Where the {@link Sources} of one actor system lie, for the routes and health checks that Pekko
 * Management makes by their class names.
 */
final class Desk implements Extension {

  static final AbstractExtensionId<Desk> ID = new Id();

  private final AtomicReference<Optional<Sources>> sources =
      new AtomicReference<>(Optional.empty());

  void lay(Sources laid) {
    sources.set(Optional.of(laid));
  }

  /** Empty while the node is starting. */
  Optional<Sources> sources() {
    return sources.get();
  }

  private static final class Id extends AbstractExtensionId<Desk> {
    @Override
    public Desk createExtension(ExtendedActorSystem system) {
      return new Desk();
    }
  }
}

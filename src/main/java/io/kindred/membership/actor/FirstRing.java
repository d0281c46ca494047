package io.kindred.membership.actor;

import io.kindred.ring.Founding;
import io.kindred.ring.Member;
import io.kindred.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether all are there that the first ring takes, and says what is missing. */
final class FirstRing {

  private static final Logger LOG = LoggerFactory.getLogger(RingKeeper.class);

  private final Founding founding;
  private String missing = "";

  FirstRing(Founding founding) {
    this.founding = founding;
  }

  /**
   * The first ring, where it is this node's to propose.
   *
   * @param inReach the other nodes that are in reach
   * @param up the Artery addresses of those that the cluster has let in
   */
  Optional<Ring> of(Member self, List<Member> inReach, Set<String> up) {
    List<Member> seen = new ArrayList<>(inReach);
    seen.add(self);
    seen.removeIf(member -> !up.contains(member.arteryAddress()));
    Founding.Result result =
        founding.with(seen, ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    if (result instanceof Founding.Missing still && !still.what().equals(missing)) {
      missing = still.what();
      LOG.info("the ring cannot be founded yet, it lacks {}", missing);
    }
    return result instanceof Founding.Ready ready && ready.ring().members().get(0).equals(self)
        ? Optional.of(ready.ring())
        : Optional.empty();
  }
}

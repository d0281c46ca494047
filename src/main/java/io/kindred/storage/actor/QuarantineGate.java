package io.kindred.storage.actor;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node keeps to itself of shards in {@link Quarantine}, and when one comes out of it.
 *
 * <p>Nobody streams such a shard from this node: who took it for a source would take over the loss.
 * It is compared with others, and marked: what it still has they may lack, what it lacks it gets;
 * but it is no evidence for anybody ({@code RunTally}).
 *
 * @param serveDamaged an operator's word that what is left is to be served where nobody else has it
 */
public record QuarantineGate(Quarantine quarantine, boolean serveDamaged) {

  private static final Logger LOG = LoggerFactory.getLogger(QuarantineGate.class);

  static QuarantineGate open() {
    return new QuarantineGate(Quarantine.none(), false);
  }

  /** Which of the shards lost something. */
  List<Integer> damaged(List<Integer> shards) {
    return shards.stream().filter(quarantine::holds).toList();
  }

  /**
   * Which of the shards that a proof was given for are served. Where the ring names other owners
   * the proof was a comparison with them, which brought what was lost; a single owner proves
   * nothing.
   */
  SortedSet<Integer> served(SortedSet<Integer> proven, Optional<Ring> ring, NodeId self) {
    SortedSet<Integer> served = new TreeSet<>(proven);
    quarantine
        .reasons()
        .forEach(
            (shard, reason) -> {
              boolean others =
                  ring.stream()
                      .flatMap(known -> known.owners(shard).stream())
                      .anyMatch(owner -> !owner.equals(self));
              if (!proven.contains(shard)) {
                return;
              }
              if (others || serveDamaged) {
                LOG.warn(
                    "shard {} is served again, {}: {}",
                    shard,
                    others ? "proven against its other owners" : "as it is left",
                    reason);
                quarantine.lift(shard);
              } else {
                LOG.error("shard {} is not served, and nobody else has it: {}", shard, reason);
                served.remove(shard);
              }
            });
    return served;
  }
}

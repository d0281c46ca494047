package io.kindred.ring;

import java.util.Optional;

/**
 * One shard in one rack: who owns it and, while a warm-up goes on, who is to take it over. The
 * successor is fed all new writes, serves nothing, and becomes the owner by a further ring change.
 */
public record Seat(NodeId owner, Optional<NodeId> successor) {

  public static Seat of(NodeId owner) {
    return new Seat(owner, Optional.empty());
  }
}

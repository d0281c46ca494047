package io.kindred.consensus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a proposer asks of the acceptors. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = Request.Accept.class, name = "accept")
})
public sealed interface Request<V> {

  /** The attempt it belongs to. */
  Ballot ballot();

  /** Asks to heed no lower ballot from now on, and what was accepted so far. */
  record Prepare<V>(Ballot ballot) implements Request<V> {}

  /** Asks to accept a value. */
  record Accept<V>(Ballot ballot, V value) implements Request<V> {}
}

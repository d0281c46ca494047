package io.kindred.consensus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** What an acceptor answers; {@code ballot} is always that of the request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Answer.Promised.class, name = "promised"),
  @JsonSubTypes.Type(value = Answer.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = Answer.Refused.class, name = "refused")
})
public sealed interface Answer<V> {

  /** The attempt that is answered. */
  Ballot ballot();

  /** It will heed nothing below {@code ballot}; so far it accepted this. */
  record Promised<V>(Ballot ballot, Optional<Acceptance<V>> accepted) implements Answer<V> {}

  /** It accepted the value. */
  record Accepted<V>(Ballot ballot) implements Answer<V> {}

  /** It has promised to heed nothing below {@code promised}, which is higher. */
  record Refused<V>(Ballot ballot, Ballot promised) implements Answer<V> {}
}

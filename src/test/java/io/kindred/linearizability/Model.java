package io.kindred.linearizability;

import java.util.Optional;

/**
 * What one copy would do.
 *
 * @param <S> its states; they must have equals and hashCode
 */
public interface Model<S> {

  /** Before the first command. */
  S initial();

  /**
   * The state after a command, if the command can have been answered so in a state; empty if not.
   *
   * @param output null where nobody knows what was answered
   */
  Optional<S> step(S state, Object input, Object output);
}

package io.kindred.linearizability;

import java.util.Optional;

/** A string key as Redis has it: a register with conditional writes and a counter. */
public final class StringKey implements Model<String> {

  /** What is asked. Null stands for a key that is not there. */
  public sealed interface Input {

    record Get() implements Input {}

    record Set(String value) implements Input {}

    record SetIfAbsent(String value) implements Input {}

    record SetIfEqual(String expected, String value) implements Input {}

    record DeleteIfEqual(String expected) implements Input {}

    record GetDelete() implements Input {}

    record Increment() implements Input {}
  }

  /** The key is not there. */
  public static final String ABSENT = "(absent)";

  @Override
  public String initial() {
    return ABSENT;
  }

  @Override
  public Optional<String> step(String state, Object input, Object output) {
    if (input instanceof Input.Get) {
      return given(output, state, state);
    }
    if (input instanceof Input.Set set) {
      return given(output, "OK", set.value());
    }
    if (input instanceof Input.SetIfAbsent set) {
      boolean absent = state.equals(ABSENT);
      return given(output, absent ? "OK" : ABSENT, absent ? set.value() : state);
    }
    if (input instanceof Input.SetIfEqual set) {
      boolean equal = state.equals(set.expected());
      return given(output, equal ? "OK" : ABSENT, equal ? set.value() : state);
    }
    if (input instanceof Input.DeleteIfEqual delete) {
      boolean equal = state.equals(delete.expected());
      return given(output, equal ? "1" : "0", equal ? ABSENT : state);
    }
    if (input instanceof Input.GetDelete) {
      return given(output, state, ABSENT);
    }
    if (input instanceof Input.Increment) {
      String next = String.valueOf(state.equals(ABSENT) ? 1 : Long.parseLong(state) + 1);
      return given(output, next, next);
    }
    throw new IllegalArgumentException("no such command: " + input);
  }

  private static Optional<String> given(Object output, String expected, String next) {
    return output == null || output.equals(expected) ? Optional.of(next) : Optional.empty();
  }
}

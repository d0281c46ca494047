package io.kindred.management;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What went wrong, as the body of an answer that is not a success.
 *
 * @param what failed, in a sentence
 * @param where on which node or path
 * @param remedy what the asker can do; {@code do} on the wire
 */
public record Problem(String what, String where, @JsonProperty("do") String remedy) {}

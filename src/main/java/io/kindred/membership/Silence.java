package io.kindred.membership;

import io.kindred.ring.NodeId;

/** For how long a node has not heard of another, in milliseconds of the listener's own time. */
public record Silence(NodeId of, long millis) {}

package io.kindred.wire;

/**
 * Marks what crosses nodes: bound to Jackson CBOR in {@code application.conf}, and nothing else is.
 * A message of more than about 128 KiB must be sent in fragments; Artery drops frames over 256 KiB.
 */
public interface WireMessage {}

package io.kindred.ring;

/**
 * A node as the ring lists it: where it stands and how it is reached.
 *
 * @param rack the rack of which it holds a part of a full copy
 * @param host the name or address that nodes and clients reach it by
 * @param clientPort where it speaks the Redis protocol
 * @param managementPort where it answers HTTP
 * @param arteryPort where the other nodes' actors reach its own
 */
public record Member(
    NodeId id, String rack, String host, int clientPort, int managementPort, int arteryPort) {

  /** The address of its actor system, as {@code pekko://kindred@host:port}. */
  public String arteryAddress() {
    return "pekko://kindred@" + host + ":" + arteryPort;
  }
}

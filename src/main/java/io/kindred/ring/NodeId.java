package io.kindred.ring;

/**
 * One node of a ring: its name, and the identity of its data directory. An empty replacement may
 * carry the name of the node it replaces, and is another node.
 *
 * @param name as configured, unique among the living; letters, digits, dot, dash
 * @param store the data directory's identity, positive, see {@link io.kindred.entry.Origin}
 */
public record NodeId(String name, int store) implements Comparable<NodeId> {

  public NodeId {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9.-]*")) {
      throw new IllegalArgumentException(
          "a node's name is made of letters, digits, dots and dashes: '" + name + "'");
    }
    if (store <= 0) {
      throw new IllegalArgumentException("a store identity is positive: " + store);
    }
  }

  @Override
  public int compareTo(NodeId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(store, other.store);
  }

  @Override
  public String toString() {
    return name + "#" + Integer.toHexString(store);
  }
}

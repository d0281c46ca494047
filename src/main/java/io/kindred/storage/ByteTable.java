package io.kindred.storage;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A small open-addressing hash table of nodes that carry their own byte-string name: no wrapper an
 * entry, no boxed key. Linear probing; nodes leave only many at a time, by building the table anew.
 */
final class ByteTable<N extends ByteTable.Node> {

  /** What a table holds: something with a name of bytes. */
  abstract static class Node {
    final byte[] bytes;
    final int hash;

    Node(byte[] bytes, int hash) {
      this.bytes = bytes;
      this.hash = hash;
    }
  }

  // Most hashes and slots are small, and there are many of them.
  private static final int FIRST_CAPACITY = 4;

  private Node[] nodes = new Node[FIRST_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  /** The node of that name, or null. */
  N find(byte[] bytes, int hash) {
    int mask = nodes.length - 1;
    for (int i = hash & mask; nodes[i] != null; i = (i + 1) & mask) {
      Node node = nodes[i];
      if (node.hash == hash && Arrays.equals(node.bytes, bytes)) {
        return cast(node);
      }
    }
    return null;
  }

  /** Adds a node of whose name there is none yet. */
  void add(N node) {
    // Three quarters full, then doubled: longer runs would make every miss slow.
    if ((size + 1) * 4L > nodes.length * 3L) {
      Node[] old = nodes;
      nodes = new Node[old.length * 2];
      for (Node each : old) {
        if (each != null) {
          place(each);
        }
      }
    }
    place(node);
    size++;
  }

  /** Removes the nodes of which {@code gone} is true; it is asked once for each. */
  void removeIf(Predicate<N> gone) {
    Node[] old = nodes;
    Node[] kept = new Node[old.length];
    int count = 0;
    for (Node node : old) {
      if (node != null && !gone.test(cast(node))) {
        kept[count++] = node;
      }
    }
    int capacity = FIRST_CAPACITY;
    while (count * 4L > capacity * 3L) {
      capacity *= 2;
    }
    nodes = new Node[capacity];
    size = count;
    for (int i = 0; i < count; i++) {
      place(kept[i]);
    }
  }

  void forEach(Consumer<N> visitor) {
    for (Node node : nodes) {
      if (node != null) {
        visitor.accept(cast(node));
      }
    }
  }

  private void place(Node node) {
    int mask = nodes.length - 1;
    int i = node.hash & mask;
    while (nodes[i] != null) {
      i = (i + 1) & mask;
    }
    nodes[i] = node;
  }

  @SuppressWarnings("unchecked") // only nodes of type N are ever added
  private N cast(Node node) {
    return (N) node;
  }
}

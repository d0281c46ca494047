package io.kindred.storage;

/** Takes a list's live item: its position and its value. */
@FunctionalInterface
public interface ItemVisitor {
  void accept(byte[] position, byte[] value);
}

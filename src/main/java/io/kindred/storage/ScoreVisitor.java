package io.kindred.storage;

/** Takes a sorted set's live member and its score. */
@FunctionalInterface
public interface ScoreVisitor {
  void accept(byte[] member, double score);
}

package io.kindred.storage;

/** What a merge did with an element. */
public enum MergeOutcome {
  /** The store had nothing in its place; now it has. */
  ADDED,
  /** The store had an older one in its place; it was replaced. */
  REPLACED,
  /** The store has this very element. */
  KNOWN,
  /** The store has something that beats it, or that made it dead before it came. */
  SUPERSEDED;

  /** Whether the store changed, so that the element belongs in the log. */
  public boolean changed() {
    return this == ADDED || this == REPLACED;
  }
}

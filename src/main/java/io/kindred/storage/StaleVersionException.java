package io.kindred.storage;

/** A write that came with a version is older than what is here; nothing was changed. */
public final class StaleVersionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final long least;

  StaleVersionException(long least) {
    super("older than " + least);
    this.least = least;
  }

  /** A hybrid time that its version must be above. */
  public long least() {
    return least;
  }
}

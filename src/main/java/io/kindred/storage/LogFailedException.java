package io.kindred.storage;

/**
 * A lane's log cannot take a write: the disk is full or broken. Thrown before anything was merged,
 * so memory is not ahead of the log. Clients get it as {@code -MISCONF}.
 */
public final class LogFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LogFailedException(String reason) {
    super(reason);
  }
}

package io.kindred.storage;

/**
 * This node stamps no writes at the moment, see {@link WriteFence}. Thrown before the write changed
 * anything. The message is what the client is told. Carries no stack trace: it may be thrown for
 * each of very many writes.
 */
public final class WriteFencedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WriteFencedException(String refusal) {
    super(refusal, null, false, false);
  }
}

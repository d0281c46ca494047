package io.kindred.server;

/** Bytes that are no request; {@link #getMessage} is Redis's text behind "ERR Protocol error: ". */
final class Malformed extends Exception {

  Malformed(String message) {
    super(message);
  }
}

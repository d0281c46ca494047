package io.kindred.management;

/** A change that cannot be made now; told as a conflict, with the reason. */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  Refused(String reason) {
    super(reason);
  }
}

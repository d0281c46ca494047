package io.kindred.cli;

import io.kindred.management.Problem;

/** What was asked for failed; ends the command with exit status 1. */
final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  Failure(String what, String where, String remedy) {
    this(new Problem(what, where, remedy));
  }

  Failure(Problem problem) {
    super(problem.what());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}

package io.kindred.cli.bench;

import java.nio.ByteBuffer;

/** Counts the answers in a stream of bytes: lines and bulk strings, however they are cut. */
final class Replies {

  private enum Expects {
    KIND,
    LINE,
    LENGTH,
    BODY
  }

  private Expects expects = Expects.KIND;
  private long number;
  private boolean negative;
  private long errors;

  /** Consumes all bytes; how many answers ended in them. */
  int feed(ByteBuffer in) {
    int ended = 0;
    while (in.hasRemaining()) {
      switch (expects) {
        case KIND -> begin(in.get());
        case LINE -> ended += in.get() == '\n' ? end() : 0;
        case LENGTH -> ended += length(in.get());
        case BODY -> ended += body(in);
      }
    }
    return ended;
  }

  /** Answers that began with a minus sign. */
  long errors() {
    return errors;
  }

  private void begin(byte kind) {
    switch (kind) {
      case '+', ':' -> expects = Expects.LINE;
      case '-' -> {
        errors++;
        expects = Expects.LINE;
      }
      case '$' -> {
        number = 0;
        negative = false;
        expects = Expects.LENGTH;
      }
      default -> throw new IllegalStateException("not an answer to SET or GET: " + (char) kind);
    }
  }

  private int length(byte next) {
    if (next == '\n') {
      if (negative) {
        return end();
      }
      number += 2;
      expects = Expects.BODY;
    } else if (next == '-') {
      negative = true;
    } else if (next != '\r') {
      number = number * 10 + next - '0';
    }
    return 0;
  }

  private int body(ByteBuffer in) {
    int here = (int) Math.min(number, in.remaining());
    in.position(in.position() + here);
    number -= here;
    return number == 0 ? end() : 0;
  }

  private int end() {
    expects = Expects.KIND;
    return 1;
  }
}

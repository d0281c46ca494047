package io.kindred.cli.bench;

/** Numbers that look random, the same from the same seed (xorshift64*), without an object each. */
final class Dice {

  private long state;

  Dice(long seed) {
    this.state = seed == 0 ? 1 : seed;
  }

  /** From 0 to the one before the bound. */
  long below(long bound) {
    state ^= state >>> 12;
    state ^= state << 25;
    state ^= state >>> 27;
    return Long.remainderUnsigned(state * 0x2545F4914F6CDD1DL, bound);
  }
}

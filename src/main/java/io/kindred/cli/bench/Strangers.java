package io.kindred.cli.bench;

import java.io.IOException;

/** How busy the machine was with what is not ours, from a moment on. */
final class Strangers {

  private final long[] machine;
  private final long own;

  private Strangers(long[] machine, long own) {
    this.machine = machine;
    this.own = own;
  }

  static Strangers since() throws IOException {
    return new Strangers(Proc.machineTicks(), Proc.ownTicks());
  }

  /** In percent of all processors' time; right once our child processes have ended. */
  double percent() throws IOException {
    long[] now = Proc.machineTicks();
    long others = now[0] - machine[0] - (Proc.ownTicks() - own);
    return 100.0 * Math.max(0, others) / Math.max(1, now[1] - machine[1]);
  }
}

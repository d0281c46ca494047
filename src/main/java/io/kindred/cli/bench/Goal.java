package io.kindred.cli.bench;

import java.util.Locale;

/** What a value should reach. */
record Goal(Side side, double bound) {

  /** On which side of the bound a value is good; the bound itself is. */
  enum Side {
    AT_LEAST(">="),
    AT_MOST("<=");

    private final String sign;

    Side(String sign) {
      this.sign = sign;
    }
  }

  static Goal atLeast(double bound) {
    return new Goal(Side.AT_LEAST, bound);
  }

  static Goal atMost(double bound) {
    return new Goal(Side.AT_MOST, bound);
  }

  boolean holds(double value) {
    return switch (side) {
      case AT_LEAST -> value >= bound;
      case AT_MOST -> value <= bound;
    };
  }

  /** As {@code >= 1.5} or {@code >= 1,000,000}. */
  @Override
  public String toString() {
    String number =
        bound >= 100
            ? String.format(Locale.ROOT, "%,.0f", bound)
            : String.format(Locale.ROOT, "%.1f", bound);
    return side.sign + " " + number;
  }
}

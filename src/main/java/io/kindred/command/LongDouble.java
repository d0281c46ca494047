package io.kindred.command;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * A number as Redis keeps it to increment a string or a field by a fraction: x86's long double, 64
 * binary digits, so that sums of short decimals come out short. Infinities have no value.
 *
 * @param value empty where it is infinite
 */
record LongDouble(Optional<BigDecimal> value) {

  static final LongDouble ZERO = new LongDouble(Optional.of(BigDecimal.ZERO));

  private static final LongDouble INFINITE = new LongDouble(Optional.empty());

  /** What Redis refuses to look at. */
  private static final int LENGTH_MAX = 5 * 1024;

  private static final int BITS = 64;
  private static final int BITS_MAX = 16_384;
  private static final int BITS_MIN = -16_445;
  // Powers of ten beyond which no number is, so that no exponent makes us work out its digits.
  private static final int MAGNITUDE_MAX = 4_940;
  private static final int MAGNITUDE_MIN = -4_960;
  private static final int DECIMALS = 17;

  /** The number that bytes spell; empty where they spell none, or one out of range. */
  static Optional<LongDouble> parse(byte[] bytes) {
    if (bytes.length >= LENGTH_MAX) {
      return Optional.empty();
    }
    String text = Floats.text(bytes);
    if (Floats.isInfinite(text)) {
      return Optional.of(INFINITE);
    }
    if (!Floats.isDecimal(text)) {
      return Floats.isHexadecimal(text) ? inRange(hexadecimal(text)) : Optional.empty();
    }
    int exponentAt = text.indexOf('e');
    // An exponent of so many digits is out of any range, and out of BigDecimal's.
    if (exponentAt >= 0 && text.length() - exponentAt > 8) {
      return Optional.empty();
    }
    return inRange(new BigDecimal(text));
  }

  private static Optional<LongDouble> inRange(BigDecimal exact) {
    if (exact.signum() == 0) {
      return Optional.of(ZERO);
    }
    return isInRange(exact)
        ? Optional.of(new LongDouble(Optional.of(rounded(exact))))
        : Optional.empty();
  }

  /** What a sign, 0x, hexadecimal digits with a point, p and a power of two spell. */
  private static BigDecimal hexadecimal(String text) {
    int exponentAt = text.indexOf('p');
    String digits =
        text.substring(text.indexOf('x') + 1, exponentAt < 0 ? text.length() : exponentAt);
    int pointAt = digits.indexOf('.');
    BigInteger whole = new BigInteger(digits.replace(".", ""), 16);
    String power = exponentAt < 0 ? "0" : text.substring(exponentAt + 1);
    // More digits than that are out of any range; so is what this stands for.
    long exponent =
        power.length() > 8 ? (power.charAt(0) == '-' ? -1L : 1L) << 20 : Long.parseLong(power);
    exponent -= pointAt < 0 ? 0 : 4L * (digits.length() - pointAt - 1);
    int bounded = (int) Math.min(Math.abs(exponent), 2L * BITS_MAX);
    BigDecimal unsigned = new BigDecimal(exponent >= 0 ? whole.shiftLeft(bounded) : whole);
    if (exponent < 0) {
      unsigned = unsigned.multiply(halfToThe(bounded));
    }
    return text.charAt(0) == '-' ? unsigned.negate() : unsigned;
  }

  boolean isFinite() {
    return value.isPresent();
  }

  /** The sum; infinite where it is out of range, or either is infinite. */
  LongDouble plus(LongDouble other) {
    if (!isFinite() || !other.isFinite()) {
      return INFINITE;
    }
    BigDecimal exact = value.get().add(other.value.get());
    if (exact.signum() == 0) {
      return ZERO;
    }
    return isTooLarge(exact) ? INFINITE : new LongDouble(Optional.of(rounded(exact)));
  }

  /** At most 17 decimals, no exponent. Not to be asked where it is infinite. */
  String text() {
    BigDecimal shown =
        value.orElseThrow().setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return shown.toPlainString();
  }

  private static boolean isInRange(BigDecimal exact) {
    return magnitude(exact) >= MAGNITUDE_MIN && !isTooLarge(exact) && bits(exact) > BITS_MIN;
  }

  private static boolean isTooLarge(BigDecimal exact) {
    return magnitude(exact) > MAGNITUDE_MAX || bits(exact) > BITS_MAX;
  }

  /** The power of ten at or below a number that is not zero. */
  private static int magnitude(BigDecimal exact) {
    return exact.precision() - exact.scale() - 1;
  }

  /** Of which power of two, exclusive, it is below. Bounded by {@link #magnitude} before. */
  private static int bits(BigDecimal exact) {
    // Ten is less than two to the fourth, so this makes it large enough to have whole bits.
    int shift = Math.max(0, -4 * magnitude(exact)) + 1;
    BigInteger whole = exact.abs().multiply(new BigDecimal(powerOfTwo(shift))).toBigInteger();
    return whole.bitLength() - shift;
  }

  private static BigDecimal rounded(BigDecimal exact) {
    int shift = bits(exact) - BITS;
    if (shift >= 0) {
      BigDecimal unit = new BigDecimal(powerOfTwo(shift));
      return exact.divide(unit, 0, RoundingMode.HALF_EVEN).multiply(unit);
    }
    BigDecimal units =
        exact.multiply(new BigDecimal(powerOfTwo(-shift))).setScale(0, RoundingMode.HALF_EVEN);
    return units.multiply(halfToThe(-shift));
  }

  /** A half to the power of n is five to the power of n, n places behind the point. */
  private static BigDecimal halfToThe(int exponent) {
    return new BigDecimal(BigInteger.valueOf(5).pow(exponent), exponent);
  }

  private static BigInteger powerOfTwo(int exponent) {
    return BigInteger.ONE.shiftLeft(exponent);
  }
}

package io.kindred.command;

/**
 * Redis's glob patterns over bytes: {@code *}, {@code ?}, {@code [abc]}, {@code [^a]}, {@code
 * [a-z]}, and a backslash before what stands for itself.
 *
 * <p>Walks back to the last star only, so that no pattern takes longer than pattern times text: a
 * client must not be able to stop a shard with {@code *a*a*a*a*b}.
 */
public final class Glob {

  private final byte[] pattern;

  public Glob(byte[] pattern) {
    this.pattern = pattern;
  }

  public boolean matches(byte[] text) {
    int p = 0;
    int t = 0;
    int afterStar = -1;
    int starTook = 0;
    while (t < text.length) {
      if (p < pattern.length && pattern[p] == '*') {
        afterStar = ++p;
        starTook = t;
      } else {
        int next = p < pattern.length ? matchOne(p, text[t]) : -1;
        if (next >= 0) {
          p = next;
          t++;
        } else if (afterStar >= 0) {
          p = afterStar;
          t = ++starTook;
        } else {
          return false;
        }
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Where the pattern goes on if its item at {@code p}, no star, takes this byte; else -1. */
  private int matchOne(int p, byte b) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> matchClass(p + 1, b & 0xff);
      case '\\' -> matchLiteral(p + 1 < pattern.length ? p + 1 : p, b);
      default -> matchLiteral(p, b);
    };
  }

  private int matchLiteral(int p, byte b) {
    return pattern[p] == b ? p + 1 : -1;
  }

  /** A class that is never closed reaches to the pattern's end, as in Redis. */
  private int matchClass(int start, int b) {
    int p = start;
    boolean negated = p < pattern.length && pattern[p] == '^';
    if (negated) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        found |= (pattern[p] & 0xff) == b;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = pattern[p] & 0xff;
        int high = pattern[p + 2] & 0xff;
        found |= b >= Math.min(low, high) && b <= Math.max(low, high);
        p += 2;
      } else {
        found |= (pattern[p] & 0xff) == b;
      }
      p++;
    }
    return found != negated ? Math.min(p + 1, pattern.length) : -1;
  }
}

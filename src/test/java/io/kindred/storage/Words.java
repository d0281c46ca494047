package io.kindred.storage;

import java.util.Random;

/** Words of commands that are now and then so large that the log packs them, or tries to. */
final class Words {

  private static final int SHOWN_MAX = 40;

  private Words() {}

  /**
   * The word itself, and one time in ten more behind it, 16 KiB to 48 KiB: mostly what packs well,
   * else what does not.
   */
  static String sometimesLarge(Random random, String word) {
    if (random.nextInt(10) > 0) {
      return word;
    }
    boolean packs = random.nextInt(3) > 0;
    int length = BatchPacker.RAW_BYTES_MIN + random.nextInt(2 * BatchPacker.RAW_BYTES_MIN);
    StringBuilder large = new StringBuilder(length + word.length()).append(word).append(':');
    while (large.length() < length) {
      large.append(packs ? word.charAt(large.length() % word.length()) : printable(random));
    }
    return large.toString();
  }

  private static char printable(Random random) {
    return (char) ('!' + random.nextInt('~' - '!'));
  }

  /** A word for people, and for comparing: of a large one its beginning, length and hash. */
  static String shown(String word) {
    return word.length() <= SHOWN_MAX
        ? word
        : word.substring(0, 8) + "~" + word.length() + "~" + Integer.toHexString(word.hashCode());
  }
}

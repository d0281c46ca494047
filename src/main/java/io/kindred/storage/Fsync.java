package io.kindred.storage;

import java.util.Locale;

/** When a commit reaches the disk itself; named as Redis's appendfsync. */
public enum Fsync {
  /** Before it is answered. */
  ALWAYS,
  /**
   * Once a second, one lane behind the other. So what was answered is synced within a second and
   * the time of one round.
   */
  EVERYSEC,
  /** When the operating system likes, and at a clean stop. */
  NO;

  /** The policy of that name; throws IllegalArgumentException that lists the names. */
  public static Fsync of(String name) {
    for (Fsync policy : values()) {
      if (policy.word().equals(name)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "kindred.log.fsync is always, everysec or no, not '" + name + "'");
  }

  /** Its name as in the configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

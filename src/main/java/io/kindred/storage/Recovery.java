package io.kindred.storage;

import java.util.List;

/**
 * What opening a lane's log found.
 *
 * @param bytes of good batches read
 * @param entries replayed
 * @param tornBytes what was being written when the process or the machine died: cut from the end,
 *     with all behind the first that is missing of what had not been synced
 * @param damages what was synced and cannot be read; the shards whose entries it may have held are
 *     not served before they are proven against other owners
 * @param headers segments whose damaged header was written again, which cost nothing
 * @param unreadable what the disk could not read, by file and offset with its words; what of it
 *     mattered is among the damages
 */
public record Recovery(
    long bytes,
    long entries,
    long tornBytes,
    List<Damage> damages,
    List<String> headers,
    List<String> unreadable) {

  /** Whether the log is not what it was when it was last written. */
  public boolean lostSomething() {
    return tornBytes > 0 || !damages.isEmpty();
  }

  /**
   * A stretch of a log that could not be read.
   *
   * @param shards whose entries it may have held: bit {@code s mod 64} is set for shard s
   */
  public record Damage(String segment, long position, long bytes, String reason, long shards) {

    /** The same, where it is known whose entries it held. */
    Damage of(long known) {
      return new Damage(segment, position, bytes, reason, known);
    }

    /** Whether entries of a shard may have been in it. */
    public boolean mayHaveHeld(int shard) {
      return (shards & BatchTrail.bit(shard)) != 0;
    }

    /** Position behind it. */
    public long end() {
      return position + bytes;
    }
  }
}

package io.kindred.storage;

import java.util.List;

/**
 * What opening a lane's log found.
 *
 * @param bytes of good batches replayed
 * @param entries replayed
 * @param tornBytes cut from the end: a batch that was being written when the process or the machine
 *     died, and that nobody was told of
 * @param damages what could not be read anywhere else; it is not served from here, and the node
 *     proves itself against its peers before it serves at all
 */
public record Recovery(long bytes, long entries, long tornBytes, List<Damage> damages) {

  /** A stretch of a log that could not be read. */
  public record Damage(String segment, long position, long bytes, String reason) {}
}

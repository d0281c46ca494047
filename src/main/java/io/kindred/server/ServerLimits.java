package io.kindred.server;

/**
 * What the front door allows, with Redis's names and defaults.
 *
 * @param protectedMode whether clients from other machines are refused, as no password is set
 * @param maxClients connections at a time
 * @param bulkBytesMax proto-max-bulk-len: the longest argument, in bytes
 */
public record ServerLimits(boolean protectedMode, int maxClients, int bulkBytesMax) {

  /** Redis's defaults. */
  public static final ServerLimits DEFAULT = new ServerLimits(true, 10_000, 512 << 20);

  /** The same, with protected mode on or off. */
  public ServerLimits withProtectedMode(boolean on) {
    return new ServerLimits(on, maxClients, bulkBytesMax);
  }
}

package io.kindred.server;

/**
 * What the front door allows, with Redis's names and defaults.
 *
 * @param protectedMode whether clients from other machines are refused, as no password is set
 * @param maxClients connections at a time
 * @param bulkBytesMax proto-max-bulk-len: the longest argument, in bytes
 * @param requestBytesMax client-query-buffer-limit: the longest request, in bytes
 */
public record ServerLimits(
    boolean protectedMode, int maxClients, int bulkBytesMax, long requestBytesMax) {

  /** Redis's defaults, but no request may hold more than a quarter of the heap. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          true, 10_000, 512 << 20, Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4));

  /** The same, with protected mode on or off. */
  public ServerLimits withProtectedMode(boolean on) {
    return new ServerLimits(on, maxClients, bulkBytesMax, requestBytesMax);
  }
}

package io.kindred.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings of one node, read once at start from the {@code kindred} part of the configuration.
 * {@code application.conf} tells the meaning and the cost of each. A missing or mistyped one throws
 * {@link com.typesafe.config.ConfigException}, whose message names it and its place.
 */
public record Settings(
    Node node,
    Path dataDir,
    Client client,
    Consistency consistency,
    int managementPort,
    int arteryPort,
    Ring ring,
    Clock clock,
    Bootstrap bootstrap,
    Storage storage,
    Log log,
    Snapshot snapshot,
    Feed feed,
    Watermark watermark,
    Reconcile reconcile) {

  /** Who this node is and where it is reached. */
  public record Node(String name, String rack, String host, String bindHost, int lanes) {}

  /** The front door. */
  public record Client(int port, boolean protectedMode, long maxMemoryBytes) {}

  /**
   * How many racks must know of a command, unless its client says otherwise; by Dynomite's names.
   */
  public record Consistency(String read, String write, Duration within) {

    /**
     * The longest wait: stamps are given out before it, and an owner takes none that is older than
     * four seconds, since what was purged must not come back under it.
     */
    static final Duration WITHIN_MAX = Duration.ofSeconds(3);

    public Consistency {
      if (within.isNegative() || within.isZero() || within.compareTo(WITHIN_MAX) > 0) {
        throw new ConfigException.BadValue(
            "kindred.consistency.within",
            "it is "
                + within.toMillis()
                + " ms, and must be above zero and at most "
                + WITHIN_MAX.toMillis()
                + " ms");
      }
    }
  }

  /** What all nodes must agree on. */
  public record Ring(
      String datacenter,
      List<String> racks,
      int nodesPerRack,
      int shards,
      Duration declareLostAfter,
      Duration pulseInterval) {}

  /** How far clocks may be apart. */
  public record Clock(Duration warnOffset, Duration fenceOffset, Duration shift) {}

  /** How nodes find each other at start. */
  public record Bootstrap(String method, List<String> contactPoints) {}

  /** The shards' memory. */
  public record Storage(boolean digests) {}

  /** The log of a lane. */
  public record Log(String fsync, long segmentBytes) {}

  /** The shards' snapshots, and what a start makes of damage. */
  public record Snapshot(
      long logBytes, long bytesPerSecond, Duration lookInterval, boolean serveDamaged) {}

  /** The feeds to other owners. */
  public record Feed(long retentionBytes, long windowBytes, int batchBytes) {}

  /** What is dead, and when it goes. */
  public record Watermark(Duration stepInterval, Duration alarmAfter) {}

  /** The reconciliation engine. */
  public record Reconcile(Duration answerWithin, boolean divergedPeers) {}

  /** Reads all of them. */
  public static Settings from(Config whole) {
    Config kindred = whole.getConfig("kindred");
    return new Settings(
        new Node(
            kindred.getString("node.name"),
            kindred.getString("node.rack"),
            kindred.getString("node.host"),
            kindred.getString("node.bind-host"),
            kindred.getInt("node.lanes")),
        Path.of(kindred.getString("data-dir")),
        new Client(
            kindred.getInt("client.port"),
            kindred.getBoolean("client.protected-mode"),
            kindred.getBytes("client.maxmemory")),
        new Consistency(
            kindred.getString("consistency.read"),
            kindred.getString("consistency.write"),
            kindred.getDuration("consistency.within")),
        kindred.getInt("management.port"),
        kindred.getInt("artery.port"),
        new Ring(
            kindred.getString("ring.datacenter"),
            kindred.getStringList("ring.racks"),
            kindred.getInt("ring.nodes-per-rack"),
            kindred.getInt("ring.shards"),
            kindred.getDuration("ring.declare-lost-after"),
            kindred.getDuration("ring.pulse-interval")),
        new Clock(
            kindred.getDuration("clock.warn-offset"),
            kindred.getDuration("clock.fence-offset"),
            kindred.getDuration("clock.shift")),
        new Bootstrap(
            kindred.getString("bootstrap.method"),
            kindred.getStringList("bootstrap.contact-points")),
        new Storage(kindred.getBoolean("storage.digests")),
        new Log(kindred.getString("log.fsync"), kindred.getBytes("log.segment-bytes")),
        new Snapshot(
            kindred.getBytes("snapshot.log-bytes"),
            kindred.getBytes("snapshot.bytes-per-second"),
            kindred.getDuration("snapshot.look-interval"),
            kindred.getBoolean("snapshot.serve-damaged")),
        new Feed(
            kindred.getBytes("feed.retention-bytes"),
            kindred.getBytes("feed.window-bytes"),
            kindred.getBytes("feed.batch-bytes").intValue()),
        new Watermark(
            kindred.getDuration("watermark.step-interval"),
            kindred.getDuration("watermark.alarm-after")),
        new Reconcile(
            kindred.getDuration("reconcile.answer-within"),
            kindred.getBoolean("reconcile.diverged-peers")));
  }
}

package io.kindred.server;

import io.kindred.membership.ClockStatus;
import io.kindred.membership.ClusterView;
import io.kindred.membership.PeerClock;
import io.kindred.ring.Ring;
import io.kindred.storage.StoreMemory;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** INFO: Redis's sections and field names where they mean the same, and one of our own. */
final class Info {

  private static final List<String> EVERYTHING = List.of("all", "everything", "default");

  private final FrontDoor.Services services;
  private final Map<String, Supplier<Fields>> sections = new LinkedHashMap<>();

  Info(FrontDoor.Services services) {
    this.services = services;
    sections.put("Server", this::server);
    sections.put("Clients", this::clients);
    sections.put("Memory", this::memory);
    sections.put("Persistence", this::persistence);
    sections.put("Stats", this::stats);
    sections.put("Replication", Info::replication);
    sections.put("CPU", Info::cpu);
    sections.put("Cluster", () -> new Fields().add("cluster_enabled", 1));
    sections.put("Keyspace", this::keyspace);
    sections.put("Kindred", this::kindred);
  }

  /** The sections of these names, in lower case; all for none. */
  String text(List<String> wanted) {
    boolean all = wanted.isEmpty() || wanted.stream().anyMatch(EVERYTHING::contains);
    List<String> texts = new ArrayList<>();
    sections.forEach(
        (name, fields) -> {
          if (all || wanted.contains(name.toLowerCase(java.util.Locale.ROOT))) {
            texts.add("# " + name + "\r\n" + fields.get().lines());
          }
        });
    return String.join("\r\n", texts);
  }

  private Fields server() {
    NodeFacts facts = services.nodeFacts();
    long seconds = (System.currentTimeMillis() - facts.startedMillis()) / 1000;
    return new Fields()
        .add("redis_version", ConnectionGroup.REDIS_VERSION)
        .add("redis_mode", "cluster")
        .add("kindred_version", facts.version())
        .add("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .add("arch_bits", 64)
        .add("java_version", System.getProperty("java.version"))
        .add("multiplexing_api", services.transport())
        .add("process_id", ProcessHandle.current().pid())
        .add("run_id", ClusterMap.idOf(services.self().id()))
        .add("tcp_port", services.self().clientPort())
        .add("uptime_in_seconds", seconds)
        .add("uptime_in_days", seconds / 86_400)
        .add("io_threads_active", facts.lanes());
  }

  private Fields clients() {
    return new Fields()
        .add("connected_clients", services.clients().count())
        .add("maxclients", services.limits().maxClients())
        .add("blocked_clients", 0);
  }

  private Fields memory() {
    NodeFacts facts = services.nodeFacts();
    StoreMemory data = facts.memory();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    Fields fields = new Fields();
    if (facts.loading().isEmpty()) {
      fields
          .add("used_memory", data.used())
          .add("used_memory_human", human(data.used()))
          .add("used_memory_dataset", data.payload())
          .add("used_memory_overhead", data.overhead())
          .add("kindred_memory_blocks", data.blocks())
          .add("kindred_memory_chunks", data.chunks())
          .add("kindred_memory_large_keys", data.large())
          .add("kindred_memory_index", data.index())
          .add("kindred_memory_digests", data.digests());
    }
    ResidentMemory.bytes().ifPresent(bytes -> fields.add("used_memory_rss", bytes));
    fields
        .add("kindred_heap_used", heap.getUsed())
        .add("kindred_heap_committed", heap.getCommitted())
        .add("kindred_heap_max", heap.getMax());
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        fields.add("kindred_direct_memory", pool.getMemoryUsed());
      }
    }
    return fields
        .add("maxmemory", facts.maxMemoryBytes())
        .add("maxmemory_human", human(facts.maxMemoryBytes()))
        .add("maxmemory_policy", "noeviction")
        .add("mem_allocator", "jvm");
  }

  private static String human(long bytes) {
    return String.format(java.util.Locale.ROOT, "%.2fM", bytes / (1024.0 * 1024.0));
  }

  private Fields persistence() {
    NodeFacts facts = services.nodeFacts();
    return facts.loading().isPresent() ? loading(facts.loading().get()) : persistence(facts);
  }

  private static Fields loading(NodeFacts.Loading loading) {
    return new Fields()
        .add("loading", 1)
        .add("loading_start_time", loading.startedMillis() / 1000)
        .add("kindred_loading_snapshots", loading.snapshotsRead() + "/" + loading.shards())
        .add("kindred_loading_logs_perc", loading.logsPercent())
        .add("kindred_loading_records", loading.records());
  }

  private Fields persistence(NodeFacts facts) {
    NodeFacts.Persistence kept = facts.persistence();
    return new Fields()
        .add("loading", services.router().isLoading() ? 1 : 0)
        .add("aof_enabled", 1)
        .add("aof_current_size", facts.logBytes())
        .add("aof_fsync_policy", facts.fsync())
        .add("aof_last_write_status", kept.logFailure().isEmpty() ? "ok" : "err")
        .add("rdb_bgsave_in_progress", kept.snapshotUnderWay() ? 1 : 0)
        .add("rdb_last_save_time", kept.lastSnapshotMillis() / 1000)
        .add("rdb_last_bgsave_status", kept.snapshotsGood() ? "ok" : "err")
        .add("kindred_snapshot_bytes", kept.snapshotBytes())
        .add("kindred_quarantined_shards", kept.quarantinedShards())
        .add("kindred_drifted_slots", facts.driftedSlots())
        .add("kindred_data_directory", facts.dataDirectory());
  }

  private Fields stats() {
    ServerStats stats = services.stats();
    return new Fields()
        .add("total_connections_received", stats.connections())
        .add("total_commands_processed", stats.commands())
        .add("total_net_input_bytes", stats.bytesRead())
        .add("total_net_output_bytes", stats.bytesWritten())
        .add("rejected_connections", stats.rejected())
        .add("total_error_replies", stats.errors())
        .add("kindred_forwarded_commands", stats.forwarded())
        .add("kindred_served_for_others", stats.servedForOthers());
  }

  private static Fields replication() {
    // Every owner is a master; who feeds whom stands in the Kindred section and in KINDRED RING.
    return new Fields().add("role", "master").add("connected_slaves", 0);
  }

  private static Fields cpu() {
    Fields fields = new Fields();
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      fields.add(
          "used_cpu",
          String.format(java.util.Locale.ROOT, "%.6f", system.getProcessCpuTime() / 1e9));
    }
    return fields;
  }

  private Fields keyspace() {
    NodeFacts facts = services.nodeFacts();
    Fields fields = new Fields();
    return facts.keys() == 0
        ? fields
        : fields.add("db0", "keys=" + facts.keys() + ",expires=" + facts.expiring() + ",avg_ttl=0");
  }

  private Fields kindred() {
    ClusterView view = services.board().current();
    NodeFacts facts = services.nodeFacts();
    Fields fields =
        new Fields()
            .add("kindred_node", view.self().id())
            .add("kindred_rack", view.self().rack())
            .add("kindred_phase", view.phase(view.self().id()))
            .add("kindred_reachable_nodes", view.reachable().size())
            .add("kindred_tombstones", facts.tombstones())
            .add("kindred_far_future_elements", facts.farFutureElements())
            .add("kindred_purge_waits_seconds", facts.purging().waitsMillis() / 1000)
            .add("kindred_purge_held_by", String.join(",", facts.purging().heldBy()));
    clocks(fields, services.board().clocks().current());
    if (view.ring().isPresent()) {
      Ring ring = view.ring().get();
      fields
          .add("kindred_datacenter", ring.datacenter())
          .add("kindred_ring_epoch", ring.epoch())
          .add("kindred_owned_shards", ring.ownedBy(view.self().id()).size())
          .add("kindred_shards", ring.shards().count());
    }
    return fields;
  }

  /** How far the other nodes' clocks are from this one's; above zero where they are ahead. */
  private static void clocks(Fields fields, ClockStatus clocks) {
    fields
        .add("kindred_clock_fenced", clocks.fence().isPresent() ? 1 : 0)
        .add("kindred_clock_offset_max_ms", clocks.offsetMaxMillis());
    for (PeerClock peer : clocks.peers()) {
      peer.offset()
          .ifPresent(
              offset ->
                  fields.add(
                      "kindred_clock_" + peer.node().name(),
                      "offset_ms="
                          + offset.offsetMillis()
                          + ",error_ms="
                          + offset.errorMillis()
                          + ",fenced="
                          + (peer.fenced() ? 1 : 0)));
    }
  }

  /** The lines of one section. */
  private static final class Fields {
    private final StringBuilder lines = new StringBuilder();

    Fields add(String name, Object value) {
      lines.append(name).append(':').append(value).append("\r\n");
      return this;
    }

    String lines() {
      return lines.toString();
    }
  }
}

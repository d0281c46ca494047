package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A redis-server that takes the writes, and its replicas. */
final class RedisReplicas implements Server {

  private static final Duration SYNCS_WITHIN = Duration.ofMinutes(5);

  private final List<RedisServer> servers = new ArrayList<>();

  /** All follow when this returns. */
  static RedisReplicas start(Workbench bench, String appendfsync, int replicas) throws IOException {
    RedisReplicas made = new RedisReplicas();
    try {
      made.servers.add(bench.redis(appendfsync));
      for (int i = 0; i < replicas; i++) {
        made.servers.add(bench.replica(made.servers.get(0), appendfsync));
      }
      made.settle();
    } catch (IOException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private RedisReplicas() {}

  @Override
  public int port() {
    return servers.get(0).port();
  }

  @Override
  public long pid() {
    return servers.get(0).pid();
  }

  @Override
  public List<Long> pids() {
    return servers.stream().map(RedisServer::pid).toList();
  }

  /** Until each replica has all that the first one has sent. */
  @Override
  public void settle() throws IOException {
    Watch watch =
        new Watch(
            ProcessHandle.of(pid()).orElseThrow(() -> new NotMeasured("redis-server ended")),
            "redis-server");
    watch.until(this::isSettled, SYNCS_WITHIN);
  }

  private boolean isSettled() throws IOException {
    for (RedisServer replica : servers.subList(1, servers.size())) {
      if (!Talk.info(replica.port(), "master_link_status").equals("up")) {
        return false;
      }
      String sent = Talk.info(port(), "master_repl_offset");
      if (!Talk.info(replica.port(), "slave_repl_offset").equals(sent)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    for (RedisServer server : servers) {
      server.close();
    }
  }
}

package io.kindred.server;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Who is connected. */
final class Clients {

  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Client> byId = new ConcurrentHashMap<>();

  private final Levels levels;

  /**
   * @param levels that clients begin with
   */
  Clients(Levels levels) {
    this.levels = levels;
  }

  Client joined(SocketAddress address, SocketAddress localAddress) {
    Client client =
        new Client(
            ids.incrementAndGet(), address, localAddress, System.currentTimeMillis(), levels);
    byId.put(client.id(), client);
    return client;
  }

  void left(Client client) {
    byId.remove(client.id());
  }

  int count() {
    return byId.size();
  }

  /** All, the oldest first. */
  List<Client> all() {
    List<Client> all = new ArrayList<>(byId.values());
    all.sort(Comparator.comparingLong(Client::id));
    return all;
  }
}

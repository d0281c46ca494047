package io.kindred.cli.demo;

import io.kindred.cli.demo.DemoPlan.DemoNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds out which ports of a plan somebody else holds. */
public final class Ports {

  private Ports() {}

  /** One line for each port that cannot be bound, with whose it would be. */
  public static List<String> taken(List<DemoNode> nodes) {
    List<String> taken = new ArrayList<>();
    for (DemoNode node : nodes) {
      check(node.clientPort(), node.name() + "'s port for clients", taken);
      check(node.managementPort(), node.name() + "'s port for management", taken);
      check(node.arteryPort(), node.name() + "'s port for Artery", taken);
    }
    return taken;
  }

  private static void check(int port, String use, List<String> taken) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      taken.add("127.0.0.1:" + port + ", " + use + " (" + e.getMessage() + ")");
    }
  }
}

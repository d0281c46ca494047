package io.kindred.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.cli.demo.DemoPlan.DemoNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aTakenPortIsNamedWithItsUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DemoNode node = new DemoNode(1, "node-1", "rack-1", free(), taken.getLocalPort(), free());

      assertThat(Ports.taken(List.of(node)))
          .singleElement()
          .asString()
          .startsWith("127.0.0.1:" + taken.getLocalPort() + ", node-1's port for management");
    }
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

package io.kindred.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpFaultProxyTest {

  private ServerSocket echo;
  private TcpFaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::acceptForEver);
    proxy = TcpFaultProxy.to(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void refusesWhomItIsToldToAndNobodyElse() throws IOException {
    InetAddress other = InetAddress.getByName("127.0.0.9");
    try (Socket there = from(other);
        Socket here = connect()) {
      there.getOutputStream().write(1);
      assertThat(there.getInputStream().read()).isEqualTo(1);
      proxy.refuse(Set.of(other));
      assertThatThrownBy(() -> there.getInputStream().read()).isInstanceOf(SocketException.class);
      try (Socket again = from(other)) {
        assertThatThrownBy(() -> again.getInputStream().read()).isInstanceOf(SocketException.class);
      }
      here.getOutputStream().write(2);
      assertThat(here.getInputStream().read()).isEqualTo(2);
      proxy.heal();
      try (Socket healed = from(other)) {
        healed.getOutputStream().write(3);
        assertThat(healed.getInputStream().read()).isEqualTo(3);
      }
    }
  }

  private Socket from(InetAddress source) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port(), source, 0);
  }

  @Test
  void forwardsEveryByteInOrder() throws IOException {
    byte[] sent = new byte[3 << 20];
    new Random(1).nextBytes(sent);
    try (Socket socket = connect()) {
      daemon(
          () -> {
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
          });
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
    }
    await().until(() -> proxy.openConnections() == 0);
    assertThat(proxy.forwardedBytes()).isEqualTo(2L * sent.length);
  }

  @Test
  void aCutResetsWhatStandsAndRefusesWhatComes() throws IOException {
    try (Socket socket = connect()) {
      assertThat(ask(socket, 'a')).isEqualTo('a');
      proxy.cut();
      assertThatThrownBy(() -> ask(socket, 'b')).isInstanceOf(IOException.class);
      assertThatThrownBy(this::connect).isInstanceOf(SocketException.class);
      assertThat(proxy.openConnections()).isZero();
    }
    proxy.heal();
    try (Socket socket = connect()) {
      assertThat(ask(socket, 'c')).isEqualTo('c');
    }
  }

  @Test
  void aBlackHoleSwallowsUntilItIsHealed() throws IOException {
    try (Socket before = connect()) {
      assertThat(ask(before, 'a')).isEqualTo('a');
      proxy.blackhole();
      try (Socket during = connect()) {
        assertThatThrownBy(() -> ask(before, 'b')).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> ask(during, 'c')).isInstanceOf(SocketTimeoutException.class);
        proxy.heal();
        assertThat(before.getInputStream().read()).isEqualTo('b');
        assertThat(during.getInputStream().read()).isEqualTo('c');
      }
    }
  }

  @Test
  void aDelayHoldsEveryByteBack() throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(10_000);
      assertThat(ask(socket, 'a')).isEqualTo('a');
      proxy.delay(Duration.ofMillis(120));
      long start = System.nanoTime();
      assertThat(ask(socket, 'b')).isEqualTo('b');
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("there and back")
          .isGreaterThanOrEqualTo(Duration.ofMillis(240));
    }
  }

  @Test
  void aTargetThatIsNotThereResetsTheClient() throws IOException {
    echo.close();
    assertThatThrownBy(
            () -> {
              try (Socket socket = connect()) {
                int answer = ask(socket, 'a');
                throw new SocketException("closed, and answered " + answer);
              }
            })
        .isInstanceOf(SocketException.class);
  }

  @Test
  void closingFreesThePort() throws IOException {
    proxy.close();
    proxy.close();
    assertThatThrownBy(this::connect).isInstanceOf(SocketException.class);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(300);
    return socket;
  }

  private static int ask(Socket socket, int letter) throws IOException {
    socket.getOutputStream().write(letter);
    return socket.getInputStream().read();
  }

  private void acceptForEver() throws IOException {
    while (!echo.isClosed()) {
      Socket socket = echo.accept();
      daemon(
          () -> {
            try (socket) {
              socket.getInputStream().transferTo(socket.getOutputStream());
            }
          });
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Runs beside the test; a socket that breaks ends it, and the test sees the other end. */
  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}

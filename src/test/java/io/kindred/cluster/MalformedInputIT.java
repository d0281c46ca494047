package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What no client should send, and what becomes of it: an error, or the end of that connection. */
@ExtendWith(SharedCluster.class)
@Order(SharedCluster.LAST)
class MalformedInputIT {

  private static int port;

  @BeforeAll
  static void start() {
    port = SharedCluster.threeRacks().node(2).clientPort();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          NONESUCH a b           | ERR unknown command 'NONESUCH', with args beginning with: 'a' 'b'
          GET                    | ERR wrong number of arguments for 'get' command
          SET k v EX ten         | ERR value is not an integer or out of range
          SET k v NONSENSE       | ERR syntax error
          INCRBY malformed:n 1.5 | ERR value is not an integer or out of range
          SELECT 9               | ERR DB index is out of range
          """)
  void aBadCommandGetsRedisesOwnErrorAndTheConnectionStaysOpen(String line, String error)
      throws IOException {
    try (Socket socket = connect()) {
      send(socket, line + "\r\nPING\r\n");
      assertThat(readLine(socket)).startsWith("-" + error);
      assertThat(readLine(socket)).isEqualTo("+PONG");
    }
  }

  @Test
  void aWrongTypeIsRefused() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "SADD malformed:set a\r\nGET malformed:set\r\nPING\r\n");
      assertThat(readLine(socket)).startsWith(":");
      assertThat(readLine(socket))
          .isEqualTo("-WRONGTYPE Operation against a key holding the wrong kind of value");
      assertThat(readLine(socket)).isEqualTo("+PONG");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*1\r\n$-5\r\n",
        "*1\r\n$99999999999\r\n",
        "*2147483648\r\n",
        "*2\r\n$3\r\nGET\r\n:5\r\n",
        "*x\r\n",
        "SET \"unbalanced\r\n"
      })
  void aBrokenFrameGetsAProtocolErrorAndTheConnectionEnds(String bytes) throws IOException {
    try (Socket socket = connect()) {
      send(socket, bytes);
      assertThat(readLine(socket)).startsWith("-ERR Protocol error");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertOthersAreServed();
  }

  @Test
  void noiseHurtsNobodyElse() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      byte[] noise = new byte[1 + random.nextInt(5000)];
      random.nextBytes(noise);
      try (Socket socket = connect()) {
        socket.getOutputStream().write(noise);
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (java.net.SocketException e) {
        assertThat(e).hasMessageContaining("reset");
      }
    }
    assertOthersAreServed();
  }

  private static void assertOthersAreServed() {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      assertThat(jedis.ping()).isEqualTo("PONG");
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String readLine(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
      next = in.read();
    }
    return line.toString();
  }
}

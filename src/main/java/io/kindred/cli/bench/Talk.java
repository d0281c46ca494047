package io.kindred.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** One question to a store, for what is not measured. */
final class Talk {

  private static final int WITHIN_MILLIS = 5000;

  private Talk() {}

  /** What INFO tells of a field. */
  static String info(int port, String field) throws IOException {
    return ask(port, "INFO")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new NotMeasured("INFO at port " + port + " has no " + field));
  }

  /**
   * Asks with an inline command.
   *
   * @return the first line of the answer, without its kind; of a bulk string all lines
   */
  static String ask(int port, String command) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WITHIN_MILLIS);
      socket.setSoTimeout(WITHIN_MILLIS);
      socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      String head = in.readLine();
      if (head == null || head.startsWith("-")) {
        throw new IOException(command + ": " + head);
      }
      if (!head.startsWith("$")) {
        return head.substring(1);
      }
      StringBuilder body = new StringBuilder();
      int left = Integer.parseInt(head.substring(1));
      while (body.length() < left) {
        body.append((char) in.read());
      }
      return body.toString();
    }
  }
}

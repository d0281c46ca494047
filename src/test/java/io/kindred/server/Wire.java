package io.kindred.server;

import io.kindred.command.Reply;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of its own make, that knows nothing of the code it tests. */
final class Wire implements Closeable {

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  Wire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  Reply ask(String... words) throws IOException {
    send(words);
    return read();
  }

  void send(String... words) throws IOException {
    byte[][] args = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      args[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
    }
    send(args);
  }

  void send(byte[][] args) throws IOException {
    out.write(ascii("*" + args.length + "\r\n"));
    for (byte[] arg : args) {
      out.write(ascii("$" + arg.length + "\r\n"));
      out.write(arg);
      out.write(ascii("\r\n"));
    }
    out.flush();
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** As {@code shutdown(SHUT_WR)}: the other side reads an end, and may still answer. */
  void sendNoMore() throws IOException {
    socket.shutdownOutput();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The next reply in either protocol; null at the end of the stream. */
  Reply read() throws IOException {
    int type = in.read();
    if (type < 0) {
      return null;
    }
    String line = line();
    return switch (type) {
      case '+' -> new Reply.Simple(line);
      case '-' -> new Reply.Failure(line);
      case ':' -> new Reply.Int(Long.parseLong(line));
      case '_' -> Reply.NULL;
      case '$' -> line.equals("-1") ? Reply.NULL : new Reply.Bulk(bytes(line));
      case '=' -> new Reply.Verbatim(new String(bytes(line), StandardCharsets.UTF_8).substring(4));
      case ',' -> new Reply.Bulk(line.getBytes(StandardCharsets.US_ASCII));
      case '*' ->
          line.equals("-1") ? Reply.NULL_ARRAY : new Reply.Array(items(Integer.parseInt(line)));
      case '~' -> new Reply.Members(items(Integer.parseInt(line)));
      case '%' -> new Reply.Pairs(items(2 * Integer.parseInt(line)));
      default -> throw new IOException("no reply begins with " + (char) type + line);
    };
  }

  /** The next bytes as they come. */
  byte[] readRaw(int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }

  private byte[] bytes(String length) throws IOException {
    byte[] bytes = new byte[Integer.parseInt(length)];
    in.readFully(bytes);
    line();
    return bytes;
  }

  private List<Reply> items(int count) throws IOException {
    List<Reply> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(read());
    }
    return items;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\r'; b = in.readUnsignedByte()) {
      line.append((char) b);
    }
    if (in.readUnsignedByte() != '\n') {
      throw new IOException("a line without its feed: " + line);
    }
    return line.toString();
  }

  /** A reply as text to compare: types that one protocol lacks look like those it uses instead. */
  static String text(Reply reply) {
    if (reply == null) {
      return "(end)";
    }
    if (reply instanceof Reply.Bulk bulk) {
      return '"' + new String(bulk.bytes(), StandardCharsets.ISO_8859_1) + '"';
    }
    if (reply instanceof Reply.Verbatim verbatim) {
      return '"' + verbatim.text() + '"';
    }
    if (reply instanceof Reply.Int number) {
      return Long.toString(number.value());
    }
    if (reply instanceof Reply.Failure failure) {
      return "-" + failure.text();
    }
    if (reply instanceof Reply.Simple simple) {
      return "+" + simple.text();
    }
    if (reply instanceof Reply.Real real) {
      return '"' + real.text() + '"';
    }
    return reply == Reply.NULL || reply == Reply.NULL_ARRAY
        ? "null"
        : items(reply).stream().map(Wire::text).toList().toString();
  }

  static List<Reply> items(Reply reply) {
    if (reply instanceof Reply.Array array) {
      return array.items();
    }
    if (reply instanceof Reply.Couples couples) {
      return couples.items();
    }
    return reply instanceof Reply.Pairs pairs ? pairs.items() : ((Reply.Members) reply).items();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.kindred.server;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits an inline command, a line as a person types it, as Redis does: words parted by white
 * space; double quotes with backslash escapes ({@code \n \r \t \b \a \xHH}); single quotes in which
 * only {@code \'} is an escape. A closing quote must be followed by white space or the end.
 */
final class InlineArguments {

  private final byte[] line;
  private int at;

  private InlineArguments(byte[] line) {
    this.line = line;
  }

  /** The words; none for a blank line. */
  static byte[][] split(byte[] line) throws Malformed {
    return new InlineArguments(line).words();
  }

  private byte[][] words() throws Malformed {
    List<byte[]> words = new ArrayList<>();
    while (true) {
      while (at < line.length && isSpace(line[at])) {
        at++;
      }
      if (at == line.length) {
        return words.toArray(new byte[0][]);
      }
      words.add(word());
    }
  }

  private byte[] word() throws Malformed {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (at < line.length && !isSpace(line[at])) {
      byte b = line[at++];
      if (b == '"') {
        doubleQuoted(word);
      } else if (b == '\'') {
        singleQuoted(word);
      } else {
        word.write(b);
      }
    }
    return word.toByteArray();
  }

  private void doubleQuoted(ByteArrayOutputStream word) throws Malformed {
    while (at < line.length && line[at] != '"') {
      if (line[at] == '\\' && at + 1 < line.length) {
        at++;
        word.write(escaped());
      } else {
        word.write(line[at++]);
      }
    }
    close();
  }

  private int escaped() {
    if (line[at] == 'x' && at + 2 < line.length) {
      int high = Character.digit(line[at + 1], 16);
      int low = Character.digit(line[at + 2], 16);
      if (high >= 0 && low >= 0) {
        at += 3;
        return high << 4 | low;
      }
    }
    byte b = line[at++];
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> b;
    };
  }

  private void singleQuoted(ByteArrayOutputStream word) throws Malformed {
    while (at < line.length && line[at] != '\'') {
      if (line[at] == '\\' && at + 1 < line.length && line[at + 1] == '\'') {
        at++;
      }
      word.write(line[at++]);
    }
    close();
  }

  private void close() throws Malformed {
    boolean closed = at < line.length;
    at++;
    if (!closed || (at < line.length && !isSpace(line[at]))) {
      throw new Malformed("unbalanced quotes in request");
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r') || b == 0;
  }
}

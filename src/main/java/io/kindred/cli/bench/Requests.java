package io.kindred.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Writes SETs and GETs of numbered keys, all of one length, with values of one length. */
final class Requests {

  private static final int DIGITS = 12;
  private static final String KEY = "key:";

  /** Bytes of a key. */
  static final int KEY_BYTES = KEY.length() + DIGITS;

  private final byte[] setHead;
  private final byte[] setMiddle;
  private final byte[] getHead;
  private final byte[] value;
  private final byte[] end = {'\r', '\n'};

  Requests(int valueBytes) {
    setHead = ("*3\r\n$3\r\nSET\r\n$" + KEY_BYTES + "\r\n" + KEY).getBytes(US_ASCII);
    setMiddle = ("\r\n$" + valueBytes + "\r\n").getBytes(US_ASCII);
    getHead = ("*2\r\n$3\r\nGET\r\n$" + KEY_BYTES + "\r\n" + KEY).getBytes(US_ASCII);
    value = new byte[valueBytes];
    for (int i = 0; i < valueBytes; i++) {
      value[i] = (byte) ('a' + i * 31 % 26);
    }
  }

  /** The name of a key, which redis-benchmark gives to the same number. */
  static String key(long number) {
    return KEY + String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
  }

  /** No request is longer. */
  int bytesMax() {
    return setHead.length + DIGITS + setMiddle.length + value.length + end.length;
  }

  void set(long key, ByteBuffer out) {
    out.put(setHead);
    digits(key, out);
    out.put(setMiddle).put(value).put(end);
  }

  void get(long key, ByteBuffer out) {
    out.put(getHead);
    digits(key, out);
    out.put(end);
  }

  private static void digits(long number, ByteBuffer out) {
    int at = out.position() + DIGITS;
    long left = number;
    for (int i = 1; i <= DIGITS; i++) {
      out.put(at - i, (byte) ('0' + left % 10));
      left /= 10;
    }
    out.position(at);
  }
}

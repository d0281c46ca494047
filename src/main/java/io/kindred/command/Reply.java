package io.kindred.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command answers, before it is written as RESP2 or RESP3. Nested as RESP nests. Arrays and
 * lists must not be changed once in a reply.
 */
public sealed interface Reply {

  Reply OK = new Simple("OK");
  Reply NULL = new Null();
  Reply ZERO = new Int(0);
  Reply ONE = new Int(1);
  Reply EMPTY_ARRAY = new Array(List.of());
  Reply NULL_ARRAY = new NullArray();

  /** {@code +text}. */
  record Simple(String text) implements Reply {}

  /** {@code -text}; the text begins with Redis's error code, as in "ERR syntax error". */
  record Failure(String text) implements Reply {}

  /** {@code :value}. */
  record Int(long value) implements Reply {}

  /** {@code $length}, then the bytes. */
  @SuppressWarnings("ArrayRecordComponent") // a reply is written once and never compared
  record Bulk(byte[] bytes) implements Reply {}

  /** {@code *}. */
  record Array(List<Reply> items) implements Reply {}

  /** RESP3 {@code %}; in RESP2 a flat array. Keys and values in turn. */
  record Pairs(List<Reply> items) implements Reply {}

  /** RESP3 {@code ~}; in RESP2 an array. */
  record Members(List<Reply> items) implements Reply {}

  /** RESP3 {@code _}; in RESP2 a null bulk. */
  record Null() implements Reply {}

  /** RESP3 {@code =txt:}; in RESP2 a bulk. */
  record Verbatim(String text) implements Reply {}

  /** RESP3 {@code ,}; in RESP2 a bulk. */
  record Real(double value) implements Reply {

    /** The digits, in either protocol. */
    public String text() {
      return Floats.text(value);
    }
  }

  /** RESP3 {@code _}; in RESP2 a null array. */
  record NullArray() implements Reply {}

  /** In RESP3 an array of arrays of two; in RESP2 a flat one. Firsts and seconds in turn. */
  record Couples(List<Reply> items) implements Reply {

    /** One array a couple. */
    public List<Reply> nested() {
      List<Reply> nested = new ArrayList<>(items.size() / 2);
      for (int i = 0; i + 1 < items.size(); i += 2) {
        nested.add(new Array(items.subList(i, i + 2)));
      }
      return nested;
    }
  }

  static Reply of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Int(value);
  }

  static Reply bulk(String text) {
    return new Bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A bulk, or null where there are no bytes. */
  static Reply bulkOrNull(byte[] bytes) {
    return bytes == null ? NULL : new Bulk(bytes);
  }
}

package io.kindred.storage;

import io.kindred.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Replies as texts that can be compared with a model's, and read in a test's story. */
final class Replies {

  static final String NIL = "nil";

  private Replies() {}

  /** A reply's text; large strings are only shown. */
  static String text(Reply reply) {
    if (reply instanceof Reply.Simple simple) {
      return simple.text();
    }
    if (reply instanceof Reply.Bulk) {
      return Words.shown(string(reply));
    }
    if (reply instanceof Reply.Int number) {
      return Long.toString(number.value());
    }
    if (reply instanceof Reply.Real number) {
      return number.text();
    }
    if (reply instanceof Reply.Failure failure) {
      return failure.text();
    }
    if (reply instanceof Reply.Null || reply instanceof Reply.NullArray) {
      return NIL;
    }
    return array(items(reply).stream().map(Replies::text).toList());
  }

  /** The whole of a bulk or of a number. */
  static String string(Reply reply) {
    return reply instanceof Reply.Bulk bulk
        ? new String(bulk.bytes(), StandardCharsets.UTF_8)
        : text(reply);
  }

  static List<Reply> items(Reply reply) {
    if (reply instanceof Reply.Array array) {
      return array.items();
    }
    if (reply instanceof Reply.Couples couples) {
      return couples.items();
    }
    if (reply instanceof Reply.Pairs pairs) {
      return pairs.items();
    }
    if (reply instanceof Reply.Members members) {
      return members.items();
    }
    throw new AssertionError("no array: " + text(reply));
  }

  static String array(List<String> items) {
    return "[" + String.join(", ", items) + "]";
  }
}

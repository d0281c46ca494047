package io.kindred.server;

import io.kindred.command.CommandSpec.Join;
import io.kindred.command.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Waits for the answers of a command that ran once for each key, and makes them one. */
final class JoinedReply {

  private final Join join;
  private final Request.Answered whole;
  private final AtomicReferenceArray<Reply> parts;
  private final AtomicInteger missing;

  JoinedReply(Join join, int count, Request.Answered whole) {
    this.join = join;
    this.whole = whole;
    this.parts = new AtomicReferenceArray<>(count);
    this.missing = new AtomicInteger(count);
  }

  /** Takes the answer for one key, once each. */
  void set(int part, Reply reply) {
    parts.set(part, reply);
    if (missing.decrementAndGet() == 0) {
      whole.onReply(joined());
    }
  }

  private Reply joined() {
    long sum = 0;
    List<Reply> items = new ArrayList<>();
    for (int i = 0; i < parts.length(); i++) {
      Reply part = parts.get(i);
      if (part instanceof Reply.Failure) {
        return part;
      }
      if (part instanceof Reply.Int number) {
        sum += number.value();
      } else if (part instanceof Reply.Array array) {
        items.addAll(array.items());
      }
    }
    return switch (join) {
      case SUM -> Reply.of(sum);
      case CONCATENATE -> new Reply.Array(items);
      case ALL_OK -> Reply.OK;
    };
  }
}

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
  private final boolean isWrite;
  private final Request.Answered whole;
  private final AtomicReferenceArray<Reply> parts;
  private final AtomicInteger missing;

  JoinedReply(Join join, boolean isWrite, int count, Request.Answered whole) {
    this.join = join;
    this.isWrite = isWrite;
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

  /**
   * The failure of one key, where the others are done, must not be told as that of all: it may say
   * that nothing was written.
   */
  private Reply failed(List<Reply.Failure> failures) {
    Reply.Failure first = failures.get(0);
    boolean isAll = failures.size() == parts.length() && failures.stream().allMatch(first::equals);
    if (!isWrite || isAll) {
      return first;
    }
    String[] words = first.text().split(" ", 2);
    return new Reply.Failure(
        words[0]
            + " of "
            + parts.length()
            + " keys "
            + (parts.length() - failures.size())
            + " were done and "
            + failures.size()
            + " were not; of the first of these: "
            + words[words.length - 1]);
  }

  private Reply joined() {
    List<Reply.Failure> failures = new ArrayList<>(0);
    for (int i = 0; i < parts.length(); i++) {
      if (parts.get(i) instanceof Reply.Failure failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      return failed(failures);
    }
    long sum = 0;
    List<Reply> items = new ArrayList<>();
    for (int i = 0; i < parts.length(); i++) {
      Reply part = parts.get(i);
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

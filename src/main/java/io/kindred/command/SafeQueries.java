package io.kindred.command;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.MalformedElementException;
import io.kindred.entry.Version;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.ElementSlice;
import io.kindred.storage.Shard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an owner is asked where a key's commands are put in one order by consensus. They travel like
 * clients' commands but no client can name them; their first argument is the key. Ballots are 16
 * bytes, time and origin.
 */
public final class SafeQueries {

  /**
   * {@code |peek key}: what is kept of the key, and whether somebody may be about to replace it.
   */
  public static final String PEEK = "|peek";

  /**
   * {@code |prepare key ballot}: promises to accept nothing lower; tells what is kept, and whether
   * somebody was about to replace it before this promise.
   */
  public static final String PREPARE = "|prepare";

  /** {@code |accept key ballot elements}: takes over a key's whole state. */
  public static final String ACCEPT = "|accept";

  /**
   * {@code |commit key elements}: what a majority has accepted is this node's to feed to all
   * others.
   */
  public static final String COMMIT = "|commit";

  /**
   * More elements of one key are not listed: a string has a handful, and a count for each boot of a
   * node that counted; a collection that was deleted has its members' marks until all owners know.
   */
  static final int ELEMENTS_MAX = 4096;

  private static final byte[] NOTHING = {};

  static final Map<String, ShardCommand> ALL =
      Map.of(
          PEEK, SafeQueries::peek,
          PREPARE, SafeQueries::prepare,
          ACCEPT, SafeQueries::accept,
          COMMIT, SafeQueries::commit);

  /** What an owner says. */
  public sealed interface Answer {

    /**
     * What it keeps of the key; it promised, if that was asked.
     *
     * @param isOpen whether it had promised before to let something replace that, and it has not
     */
    record Kept(List<Element> elements, boolean isOpen) implements Answer {}

    /** It has accepted. */
    record Accepted() implements Answer {}

    /** A ballot must be above this. */
    record Refused(Version least) implements Answer {}

    /** It cannot, and nobody else could better. */
    record Failed(Reply.Failure failure) implements Answer {}

    /** Reads an answer. */
    static Answer of(Reply reply) {
      if (reply.equals(Reply.OK)) {
        return new Accepted();
      }
      if (reply instanceof Reply.Array parts
          && parts.items().size() == 2
          && parts.items().get(0) instanceof Reply.Int open
          && parts.items().get(1) instanceof Reply.Bulk bytes) {
        return kept(bytes.bytes(), open.value() != 0);
      }
      if (reply instanceof Reply.Bulk least && least.bytes().length == BALLOT_BYTES) {
        return new Refused(ballot(least.bytes()));
      }
      return new Failed(
          reply instanceof Reply.Failure failure
              ? failure
              : new Reply.Failure("ERR an owner answered what it was not asked"));
    }

    private static Answer kept(byte[] bytes, boolean isOpen) {
      List<Element> elements = new ArrayList<>();
      try {
        ElementReader.forEach(bytes, elements::add);
      } catch (MalformedElementException e) {
        return new Failed(new Reply.Failure("ERR an owner's answer cannot be read: " + e));
      }
      return new Kept(elements, isOpen);
    }
  }

  private static final int BALLOT_BYTES = 2 * Long.BYTES;

  private SafeQueries() {}

  /** Whether the answer tells something of the key's content. */
  public static boolean tells(byte[] name) {
    return ALL.containsKey(Arguments.text(name));
  }

  /** The arguments of a question. */
  public static byte[][] args(String question, Key key) {
    return new byte[][] {question.getBytes(StandardCharsets.US_ASCII), key.bytes()};
  }

  /** The same with a ballot. */
  public static byte[][] args(String question, Key key, Version ballot) {
    byte[][] plain = args(question, key);
    return new byte[][] {plain[0], plain[1], bytes(ballot)};
  }

  /** The same with a ballot and a state. */
  public static byte[][] args(String question, Key key, Version ballot, List<Element> state) {
    byte[][] plain = args(question, key);
    return new byte[][] {plain[0], plain[1], bytes(ballot), encoded(state)};
  }

  private static byte[] encoded(List<Element> elements) {
    ElementWriter out = new ElementWriter();
    elements.forEach(out::put);
    return out.toByteArray();
  }

  private static byte[] bytes(Version ballot) {
    return ByteBuffer.allocate(BALLOT_BYTES)
        .putLong(ballot.time())
        .putLong(ballot.origin())
        .array();
  }

  private static Version ballot(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Version(in.getLong(), in.getLong());
  }

  private static Reply peek(Shard shard, byte[][] args) {
    return kept(shard, shard.key(args[1]), shard.isOpen(shard.key(args[1])));
  }

  /**
   * A collection is refused before its elements are listed: it may have millions. So is what
   * remains of one that was deleted, once it turns out to be many.
   */
  private static Reply kept(Shard shard, Key key, boolean isOpen) {
    KeyType type = shard.store().type(key, shard.now());
    if (type != KeyType.NONE && type != KeyType.STRING) {
      return Failures.WRONG_TYPE;
    }
    ElementWriter out = new ElementWriter();
    AtomicInteger listed = new AtomicInteger();
    ElementCursor next = ElementCursor.before(key);
    while (next != null && listed.get() <= ELEMENTS_MAX) {
      ElementSlice slice =
          ElementSlice.of(
              element -> {
                out.put(element);
                listed.incrementAndGet();
              });
      next = shard.store().readKey(next, slice);
    }
    if (listed.get() > ELEMENTS_MAX) {
      return Failures.REMAINS_TOO_MANY;
    }
    return new Reply.Array(
        List.of(
            Reply.of(isOpen ? 1 : 0), new Reply.Bulk(out.isEmpty() ? NOTHING : out.toByteArray())));
  }

  private static Reply prepare(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    try {
      boolean wasOpen = shard.isOpen(key);
      Optional<Version> least = shard.prepare(key, ballot(args[2]));
      return least.isPresent() ? new Reply.Bulk(bytes(least.get())) : kept(shard, key, wasOpen);
    } catch (IllegalArgumentException tooFarAhead) {
      return new Reply.Failure("ERR " + tooFarAhead.getMessage());
    }
  }

  private static Reply accept(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    Version ballot = ballot(args[2]);
    List<Element> state = new ArrayList<>();
    try {
      ElementReader.forEach(args[3], state::add);
      if (!state.stream().allMatch(e -> e.key().equals(key) && e.version().equals(ballot))) {
        return new Reply.Failure("ERR a state is of another key or ballot than it says");
      }
      Optional<Version> least = shard.accept(key, ballot, state);
      return least.isPresent() ? new Reply.Bulk(bytes(least.get())) : Reply.OK;
    } catch (MalformedElementException e) {
      return new Reply.Failure("ERR a state cannot be read: " + e);
    } catch (IllegalArgumentException tooFarAhead) {
      return new Reply.Failure("ERR " + tooFarAhead.getMessage());
    }
  }

  /** Merging again changes nothing, but logs as this node's own what the feeds send on. */
  private static Reply commit(Shard shard, byte[][] args) {
    List<Element> state = new ArrayList<>();
    try {
      ElementReader.forEach(args[3], state::add);
    } catch (MalformedElementException e) {
      return new Reply.Failure("ERR a state cannot be read: " + e);
    }
    state.forEach(shard::write);
    return Reply.OK;
  }
}

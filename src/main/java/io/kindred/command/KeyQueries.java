package io.kindred.command;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.Key;
import io.kindred.entry.MalformedElementException;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.ElementSlice;
import io.kindred.storage.Shard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions of one owner to another about a key, which reads at a quorum are made of. Their first
 * argument is the key. They travel like clients' commands but no client can name them.
 */
public final class KeyQueries {

  /**
   * {@code |read key command…}: runs a command that reads, and tells the key's digest beside its
   * reply, both of one moment.
   */
  public static final String READ = "|read";

  /** {@code |digest key}: the sum over the digests of all that is kept of a key. */
  public static final String DIGEST = "|digest";

  /**
   * {@code |elements key [kind part]}: what is kept of a key, from a place on, as much as a shard
   * lists at once. Answers the elements, encoded, the kind and part to go on from, both empty at
   * the end, and the shard's step.
   */
  public static final String ELEMENTS = "|elements";

  /**
   * {@code |merge key elements step}: merges what another owner had of the key under that step.
   * Where this shard, which serves, has purged more since, it knew all up to there: what it has not
   * of that is dead, and is left out.
   */
  public static final String MERGE = "|merge";

  private static final byte[] NOTHING = {};

  static final Map<String, ShardCommand> ALL =
      Map.of(
          READ, KeyQueries::read,
          DIGEST, (shard, args) -> Reply.of(digest(shard, args[1])),
          ELEMENTS, KeyQueries::elements,
          MERGE, KeyQueries::merge);

  /** What {@link #READ} answers. */
  public record Seen(long digest, Reply reply) {

    /** Reads an answer; empty where it is none, but an error. */
    public static Optional<Seen> of(Reply reply) {
      return reply instanceof Reply.Array parts
              && parts.items().size() == 2
              && parts.items().get(0) instanceof Reply.Int digest
          ? Optional.of(new Seen(digest.value(), parts.items().get(1)))
          : Optional.empty();
    }
  }

  /**
   * What {@link #ELEMENTS} answers.
   *
   * @param elements the output of one {@link ElementWriter}
   * @param next arguments to go on with; empty at the end
   * @param step what {@link #MERGE} wants to know
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on and never compared
  public record Listed(byte[] elements, List<byte[]> next, byte[] step) {

    /** Reads an answer; empty where it is none, but an error. */
    public static Optional<Listed> of(Reply reply) {
      if (reply instanceof Reply.Array parts
          && parts.items().size() == 4
          && parts.items().get(0) instanceof Reply.Bulk elements
          && parts.items().get(1) instanceof Reply.Bulk kind
          && parts.items().get(2) instanceof Reply.Bulk part
          && parts.items().get(3) instanceof Reply.Bulk step) {
        return Optional.of(
            new Listed(
                elements.bytes(),
                kind.bytes().length == 0 ? List.of() : List.of(kind.bytes(), part.bytes()),
                step.bytes()));
      }
      return Optional.empty();
    }
  }

  private KeyQueries() {}

  /** Whether the answer tells something of the key's content. */
  public static boolean tells(byte[] name) {
    return ALL.containsKey(Arguments.text(name));
  }

  private static long digest(Shard shard, byte[] key) {
    return shard.store().keyDigest(shard.key(key));
  }

  private static Reply read(Shard shard, byte[][] args) {
    byte[][] command = Arrays.copyOfRange(args, 2, args.length);
    Reply reply = Commands.inShard(command[0]).orElseThrow().run(shard, command);
    return new Reply.Array(List.of(Reply.of(digest(shard, args[1])), reply));
  }

  private static Reply elements(Shard shard, byte[][] args) {
    Key key = Key.of(args[1]);
    ElementCursor from =
        args.length == 4
            ? new ElementCursor(key, number(args[2]), args[3])
            : ElementCursor.before(key);
    ElementWriter out = new ElementWriter();
    ElementCursor next = shard.store().readKey(from, ElementSlice.of(out::put));
    return new Reply.Array(
        List.of(
            new Reply.Bulk(out.toByteArray()),
            new Reply.Bulk(
                next == null
                    ? NOTHING
                    : Integer.toString(next.kind()).getBytes(StandardCharsets.US_ASCII)),
            new Reply.Bulk(next == null ? NOTHING : next.part()),
            Reply.bulk(Long.toString(shard.refusesBelow()))));
  }

  private static Reply merge(Shard shard, byte[][] args) {
    List<Element> elements = new ArrayList<>();
    Key key = Key.of(args[1]);
    try {
      ElementReader.forEach(args[2], elements::add);
    } catch (MalformedElementException e) {
      return new Reply.Failure("ERR what another owner sent of a key cannot be read: " + e);
    }
    if (!elements.stream().allMatch(element -> element.key().equals(key))) {
      return new Reply.Failure("ERR what another owner sent is of another key");
    }
    long limit = shard.refusesBelow();
    boolean mayBePurged = Arguments.integer(args[3]).orElseThrow() < limit;
    elements.stream()
        .filter(element -> !mayBePurged || element.version().time() > limit)
        .forEach(shard::merge);
    return Reply.OK;
  }

  private static int number(byte[] argument) {
    return Math.toIntExact(Arguments.integer(argument).orElseThrow());
  }
}

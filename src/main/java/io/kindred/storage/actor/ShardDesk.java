package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.command.KeyQueries;
import io.kindred.command.Reply;
import io.kindred.command.SafeQueries;
import io.kindred.command.ShardQueries;
import io.kindred.entry.Key;
import io.kindred.ring.Shards;
import io.kindred.storage.HeldBack;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.Shard;
import io.kindred.storage.StaleVersionException;
import io.kindred.storage.WriteFencedException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard as the actors of its lane work on it: {@link ShardActor} for the node, {@link
 * LaneActor} for clients. Both run on the lane's thread, and so does all that is done here.
 */
public final class ShardDesk {

  private static final Logger LOG = LoggerFactory.getLogger(ShardDesk.class);

  private final Shard shard;
  private final Shards ringShards;
  private final SortedSet<Integer> driftedSlots = new TreeSet<>();
  private boolean serving;

  public ShardDesk(Shard shard, Shards ringShards) {
    this.shard = shard;
    this.ringShards = ringShards;
  }

  Shard shard() {
    return shard;
  }

  Shards ringShards() {
    return ringShards;
  }

  /** Whether clients are answered here. */
  boolean serves() {
    return serving;
  }

  void serve(boolean serves) {
    serving = serves;
  }

  /** Slots of which an audit has found the digests to be wrong since the start. */
  SortedSet<Integer> driftedSlots() {
    return driftedSlots;
  }

  /**
   * Runs a client's command; a failure of any kind is its reply. Null where it came with a version
   * that is too old, which it was told.
   */
  Reply run(Call call) {
    try {
      shard.expect(call.key());
      return call.version() == null ? call.command().run(shard, call.args()) : runAsGiven(call);
    } catch (StaleVersionException e) {
      call.older(e.least());
      return null;
    } catch (WriteFencedException e) {
      return new Reply.Failure(e.getMessage());
    } catch (LogFailedException e) {
      return notLogged(e.getMessage());
    } catch (UncheckedIOException e) {
      // The clock's bound lies on the same disk.
      return notLogged(e.getMessage() + ": " + e.getCause().getMessage());
    } catch (RuntimeException e) {
      String name = new String(call.args()[0], StandardCharsets.ISO_8859_1);
      LOG.error("command {} failed in shard {}", name, shard.number(), e);
      return new Reply.Failure("ERR internal error in '" + name + "': see the node's log");
    }
  }

  private Reply runAsGiven(Call call) {
    shard.expectVersion(call.version(), call.isAgain());
    try {
      return call.command().run(shard, call.args());
    } finally {
      shard.expectVersion(null, false);
    }
  }

  static Reply notLogged(String reason) {
    return new Reply.Failure(
        "MISCONF Kindred cannot write its log, so writes are refused and reads go on: " + reason);
  }

  /**
   * What a client may be told while the log fails: nothing of a key of which memory holds more than
   * the log. By any argument that looks like the key, since a command does not say which ones are.
   * Of what {@link ShardQueries} ask, a number gives nothing away, and a list is refused where its
   * slots have such a key: without it, it would look complete.
   */
  static Reply durable(byte[][] args, Reply reply, HeldBack heldBack, Reply failure) {
    if (args[0][0] == '|' && !KeyQueries.tells(args[0]) && !SafeQueries.tells(args[0])) {
      return ShardQueries.slotsListed(args, reply)
              .filter(slots -> heldBack.holdsAny(slots.first(), slots.last()))
              .isPresent()
          ? failure
          : reply;
    }
    boolean touches = Arrays.stream(args).skip(1).anyMatch(arg -> heldBack.holds(Key.of(arg)));
    return touches ? failure : reply;
  }
}

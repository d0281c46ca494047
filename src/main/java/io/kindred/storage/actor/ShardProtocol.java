package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.entry.Element;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What may be asked of a shard's actor, on its own node only. Every node has an actor for each
 * shard of the ring; those it does not own stay empty and do not serve.
 */
public final class ShardProtocol {

  private ShardProtocol() {}

  /** A message to a shard's actor. */
  public interface Command {}

  /** Runs clients' commands in order. The array is handed over. */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  public record Execute(Call[] calls) implements Command {}

  /** Merges what came from elsewhere; answered once it is committed to the log. */
  public record Merge(List<Element> elements, long ticket, ActorRef<Merged> replyTo)
      implements Command {}

  /** What became of the elements of one {@link Merge}. */
  public record Merged(
      int shard, long ticket, long added, long replaced, long known, long superseded) {}
}

package io.kindred.warmup.actor;

import io.kindred.entry.Element;
import io.kindred.storage.actor.ElementArrivals;
import io.kindred.storage.actor.ElementArrivals.Arrival;
import io.kindred.storage.actor.NodeProtocol.Chunk;
import io.kindred.storage.actor.ShardProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SourceRef;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * One stream of one shard's elements, from a source node into the own shard. Back-pressure goes the
 * whole way: the next piece is taken when the shard has committed the one before, and the source
 * sends as much as is taken.
 */
final class ShardStream {

  // A piece takes the shard about a quarter of a millisecond: longer, and clients would feel it.
  private static final int PIECE_ELEMENTS_MAX = 256;

  /** The own shard did not answer: not the source's fault. */
  static final class StoreSilentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreSilentException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Elements on their way into the store.
   *
   * @param bytes how many the stream moved on by with the last of them
   * @param slotDone all slots up to this one are in the store once these are; -1 for none
   */
  record Piece(List<Element> elements, long bytes, int slotDone) {}

  /** Stops it, or tells when it ended: well, or with the failure. */
  record Running(UniqueKillSwitch stop, CompletionStage<Done> ended) {}

  private ShardStream() {}

  /**
   * Starts it.
   *
   * @param readUnder the step at which the source is read
   * @param merged is told of each piece that the shard has committed, on the stream's thread
   */
  static Running run(
      SourceRef<Chunk> chunks,
      long readUnder,
      ActorRef<ShardProtocol.Command> shard,
      WarmUpSettings settings,
      ActorSystem<?> system,
      Consumer<Piece> merged) {
    return chunks
        .getSource()
        .viaMat(KillSwitches.single(), Keep.right())
        .via(ElementArrivals.flow(settings.stallAfter()))
        .statefulMapConcat(ShardStream::pieces)
        .mapAsync(1, piece -> merge(piece, readUnder, shard, settings.mergeWithin(), system))
        .map(
            piece -> {
              merged.accept(piece);
              return piece;
            })
        .toMat(Sink.ignore(), Keep.both())
        .mapMaterializedValue(both -> new Running(both.first(), both.second()))
        // The system's, so that it travels beside the heartbeats and not before them.
        .run(Materializer.matFromSystem(system));
  }

  private static org.apache.pekko.japi.function.Function<Arrival, Iterable<Piece>> pieces() {
    long[] position = new long[1];
    return arrival -> {
      List<Piece> pieces = new ArrayList<>();
      List<Element> elements = arrival.elements();
      int from = 0;
      for (; elements.size() - from > PIECE_ELEMENTS_MAX; from += PIECE_ELEMENTS_MAX) {
        pieces.add(new Piece(elements.subList(from, from + PIECE_ELEMENTS_MAX), 0, -1));
      }
      long bytes = arrival.position() - position[0];
      position[0] = arrival.position();
      pieces.add(new Piece(elements.subList(from, elements.size()), bytes, arrival.slotDone()));
      return pieces;
    };
  }

  private static CompletionStage<Piece> merge(
      Piece piece,
      long readUnder,
      ActorRef<ShardProtocol.Command> shard,
      Duration within,
      ActorSystem<?> system) {
    if (piece.elements().isEmpty()) {
      return CompletableFuture.completedFuture(piece);
    }
    CompletionStage<ShardProtocol.Merged> answer =
        AskPattern.ask(
            shard,
            replyTo -> new ShardProtocol.Merge(piece.elements(), 0, readUnder, replyTo),
            within,
            system.scheduler());
    return answer.handle(
        (done, failure) -> {
          if (failure != null) {
            throw new CompletionException(
                new StoreSilentException(
                    "the own shard did not commit " + piece.elements().size() + " elements",
                    failure));
          }
          if (done.refused()) {
            throw new CompletionException(
                new IllegalStateException(
                    "it is read at step " + readUnder + ", and others have purged since"));
          }
          return piece;
        });
  }
}

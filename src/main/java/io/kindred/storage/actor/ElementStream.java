package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.entry.ElementWriter;
import io.kindred.ring.Shards;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.actor.NodeProtocol.Chunk;
import io.kindred.storage.actor.NodeProtocol.End;
import io.kindred.storage.actor.NodeProtocol.Leaf;
import io.kindred.storage.actor.ShardProtocol.Elements;
import io.kindred.storage.actor.ShardProtocol.ReadElements;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The sending side of {@link NodeProtocol.OpenElements}: reads the elements of leaves from the
 * shards piece by piece, as the receiver asks for more, and cuts their encoding into chunks. {@link
 * ElementArrivals} is the other side.
 *
 * <p>Bound: in memory is what one read gave, and one chunk of its encoding. A read is of leaves of
 * one slot, and of a slice of what they hold: about a thousand elements, so that no shard is held
 * up for long, however many there are.
 *
 * <p>What is written while a stream goes on is in it or not, as it happens; feeds bring the rest.
 */
public final class ElementStream {

  /** Size of all chunks but the last. Larger ones hold up what shares the connection. */
  public static final int CHUNK_BYTES = 64 * 1024;

  private static final int LEAVES_PER_SLOT = 256;

  /** Reads elements of some leaves of one slot, in order; see {@link ReadElements}. */
  @FunctionalInterface
  public interface LeafReader
      extends BiFunction<List<Leaf>, Optional<ElementCursor>, CompletionStage<Elements>> {}

  /** The leaves from an index on are to be read, of the first of them what is behind a place. */
  private record Position(int index, Optional<ElementCursor> from) {}

  /** Some elements in order; the slot that ends with them or -1; whether they are the last. */
  private record Step(List<Element> elements, int slotDone, boolean last) {
    static final Step LAST = new Step(List.of(), -1, true);
  }

  private ElementStream() {}

  /** The elements of these leaves, whatever their order. */
  public static Source<Chunk, NotUsed> of(List<Leaf> leaves, LeafReader read) {
    List<Leaf> sorted =
        leaves.stream()
            .distinct()
            .sorted(Comparator.comparingInt(Leaf::slot).thenComparingInt(Leaf::leaf))
            .toList();
    return stream(sorted.size(), sorted::get, read);
  }

  /** The elements of these shards, whatever their order, from one slot on. */
  public static Source<Chunk, NotUsed> ofShards(
      Shards shards, List<Integer> numbers, int fromSlot, LeafReader read) {
    int[] slots =
        numbers.stream()
            .distinct()
            .sorted()
            .flatMapToInt(
                shard -> IntStream.rangeClosed(shards.firstSlot(shard), shards.lastSlot(shard)))
            .filter(slot -> slot >= fromSlot)
            .toArray();
    return stream(
        slots.length * LEAVES_PER_SLOT,
        index -> new Leaf(slots[index / LEAVES_PER_SLOT], index % LEAVES_PER_SLOT),
        read);
  }

  private static Source<Chunk, NotUsed> stream(
      int leaves, IntFunction<Leaf> leaf, LeafReader read) {
    return Source.unfoldAsync(
            new Position(0, Optional.empty()), position -> next(position, leaves, leaf, read))
        .concat(Source.single(Step.LAST))
        .statefulMapConcat(() -> new Encoder()::chunks);
  }

  private static CompletionStage<Optional<Pair<Position, Step>>> next(
      Position position, int leaves, IntFunction<Leaf> leaf, LeafReader read) {
    if (position.index() >= leaves) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    int slot = leaf.apply(position.index()).slot();
    List<Leaf> some = new ArrayList<>();
    int end = position.index();
    while (end < leaves && leaf.apply(end).slot() == slot) {
      some.add(leaf.apply(end));
      end++;
    }
    Position behind = new Position(end, Optional.empty());
    return read.apply(Collections.unmodifiableList(some), position.from())
        .thenApply(
            answer -> {
              Position next =
                  answer.next().map(place -> within(position, leaf, place)).orElse(behind);
              int slotDone = answer.next().isEmpty() ? slot : -1;
              return Optional.of(Pair.create(next, new Step(answer.elements(), slotDone, false)));
            });
  }

  /** Behind the leaves that were read to their end. */
  private static Position within(Position before, IntFunction<Leaf> leaf, ElementCursor place) {
    int index = before.index();
    while (leaf.apply(index).leaf() < place.key().leaf()) {
      index++;
    }
    return new Position(index, Optional.of(place));
  }

  /** Makes chunks of steps; encodes no more than the next chunk needs. One stream's. */
  private static final class Encoder {

    private record SlotEnd(int slot, long position) {}

    private final ElementWriter writer = new ElementWriter();
    private final CRC32C crc = new CRC32C();
    private final Deque<SlotEnd> slotEnds = new ArrayDeque<>();
    private long elements;
    private long position;
    private int slotDone = -1;

    Iterable<Chunk> chunks(Step step) {
      Chunks chunks = new Chunks(step);
      return () -> chunks;
    }

    private final class Chunks implements Iterator<Chunk> {
      private final Step step;
      private final Iterator<Element> rest;
      private boolean done;

      Chunks(Step step) {
        this.step = step;
        this.rest = step.elements().iterator();
      }

      @Override
      public boolean hasNext() {
        while (writer.size() < CHUNK_BYTES && rest.hasNext()) {
          writer.put(rest.next());
          elements++;
        }
        if (!done && writer.size() < CHUNK_BYTES && !step.last()) {
          // What is left over goes into a chunk with what the next step brings.
          done = true;
          if (step.slotDone() >= 0) {
            slotEnds.add(new SlotEnd(step.slotDone(), position + writer.size()));
          }
        }
        return !done;
      }

      @Override
      public Chunk next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        done = writer.size() < CHUNK_BYTES;
        return cut(done);
      }
    }

    private Chunk cut(boolean last) {
      byte[] bytes = writer.take(CHUNK_BYTES);
      crc.update(bytes);
      long before = position;
      position += bytes.length;
      while (!slotEnds.isEmpty() && slotEnds.peek().position() <= position) {
        slotDone = slotEnds.remove().slot();
      }
      End end = last ? new End(elements, position, (int) crc.getValue()) : null;
      return new Chunk(before, bytes, slotDone, end);
    }
  }
}

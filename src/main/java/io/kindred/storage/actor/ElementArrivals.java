package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.MalformedElementException;
import io.kindred.storage.actor.NodeProtocol.Chunk;
import io.kindred.storage.actor.NodeProtocol.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The receiving side of {@link NodeProtocol.OpenElements}: decodes chunks and believes nothing.
 * Positions must follow each other, elements must be whole and in order, and the last chunk must
 * agree with what came before in count, length and checksum. A stream that completes without its
 * last chunk fails here with {@link BrokenStreamException}: a clean completion proves nothing.
 */
public final class ElementArrivals {

  /** A stream of elements that is not what its sender sent, or not all of it. */
  public static final class BrokenStreamException extends RuntimeException {
    BrokenStreamException(String message) {
      super(message);
    }
  }

  /**
   * What one chunk brought.
   *
   * @param elements those that are whole now, in order; none while a huge one is on its way
   * @param slotDone all elements of slots up to and including this one have arrived; -1 before the
   *     first
   * @param position bytes arrived so far
   * @param complete whether this was the last chunk and the stream is proven whole
   */
  public record Arrival(List<Element> elements, int slotDone, long position, boolean complete) {}

  private final ElementReader reader = new ElementReader();
  private final CRC32C crc = new CRC32C();
  private Element last;
  private long position;
  private long count;
  private boolean ended;

  private ElementArrivals() {}

  /**
   * From chunks to elements.
   *
   * @param patience how long a chunk that was asked for may take to come; a receiver that asks for
   *     none may take as long as it likes
   */
  public static Flow<Chunk, Arrival, NotUsed> flow(Duration patience) {
    return Flow.of(Chunk.class)
        .via(new PullTimeout<>(patience))
        .map(Optional::of)
        .concat(Source.single(Optional.empty()))
        .statefulMapConcat(
            () -> {
              ElementArrivals arrivals = new ElementArrivals();
              return chunk ->
                  chunk.isPresent() ? List.of(arrivals.accept(chunk.get())) : arrivals.completed();
            });
  }

  private Arrival accept(Chunk chunk) {
    require(!ended, "goes on behind its end");
    require(
        chunk.position() == position,
        "has a chunk for position " + chunk.position() + " at " + position);
    position += chunk.bytes().length;
    crc.update(chunk.bytes());
    List<Element> elements = new ArrayList<>();
    try {
      reader.feed(chunk.bytes(), elements::add);
    } catch (MalformedElementException e) {
      throw broken("cannot be decoded: " + e.getMessage());
    }
    for (Element element : elements) {
      require(
          last == null || last.comparePlace(element) < 0, "is out of order at element " + count);
      last = element;
      count++;
    }
    if (chunk.end() != null) {
      verify(chunk.end());
    }
    return new Arrival(elements, chunk.slotDone(), position, ended);
  }

  private void verify(End end) {
    require(reader.isBetweenElements(), "ends within an element");
    require(end.bytes() == position, "should have " + end.bytes() + " bytes and has " + position);
    require(end.elements() == count, "should have " + end.elements() + " elements, not " + count);
    require(end.crc32c() == (int) crc.getValue(), "has another checksum than it was sent with");
    ended = true;
  }

  private List<Arrival> completed() {
    require(ended, "stopped at position " + position + " without its last chunk");
    return List.of();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw broken(otherwise);
    }
  }

  private static BrokenStreamException broken(String what) {
    return new BrokenStreamException("a stream of elements " + what);
  }
}

package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.ring.Shards;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.actor.ElementArrivals.Arrival;
import io.kindred.storage.actor.ElementArrivals.BrokenStreamException;
import io.kindred.storage.actor.NodeProtocol.Chunk;
import io.kindred.storage.actor.NodeProtocol.End;
import io.kindred.storage.actor.NodeProtocol.Leaf;
import io.kindred.storage.actor.ShardProtocol.Elements;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ElementStreamTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SLICE = 700;

  private final List<Element> stored = new ArrayList<>();
  private final Map<Integer, List<Element>> bySlot = new HashMap<>();
  private final List<Integer> reads = new ArrayList<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyElementOfTheShardsArrivesInOrder() {
    Shards shards = new Shards(64);
    store(20_000, 40);

    List<Arrival> arrivals = receive(ElementStream.ofShards(shards, List.of(9, 3), 0, this::read));

    assertThat(elements(arrivals)).isEqualTo(inShards(shards, 0, 3, 9));
    assertThat(last(arrivals).complete()).isTrue();
    assertThat(last(arrivals).slotDone()).isEqualTo(shards.lastSlot(9));
  }

  @Test
  void aStreamGoesOnFromASlot() {
    Shards shards = new Shards(64);
    store(20_000, 40);
    int from = shards.firstSlot(3) + 100;

    List<Arrival> arrivals = receive(ElementStream.ofShards(shards, List.of(3), from, this::read));

    assertThat(elements(arrivals)).isEqualTo(inShards(shards, from, 3));
  }

  @Test
  void theElementsOfSomeLeavesArriveInOrderWhateverTheirOwn() {
    store(20_000, 10);
    List<Leaf> leaves = new ArrayList<>();
    stored.stream().limit(300).forEach(e -> leaves.add(leafOf(e)));
    Collections.shuffle(leaves, new Random(5));

    List<Arrival> arrivals = receive(ElementStream.of(leaves, this::read));

    assertThat(elements(arrivals))
        .isEqualTo(
            stored.stream()
                .filter(e -> leaves.contains(leafOf(e)))
                .sorted(Element::comparePlace)
                .toList());
  }

  @Test
  void noChunkIsLargerThanALaneCarriesAndAHugeElementSpansMany() {
    byte[] huge = new byte[3_000_000];
    new Random(1).nextBytes(huge);
    Key key = Key.of("huge".getBytes(StandardCharsets.UTF_8));
    stored.add(Element.string(key, new Version(5, 1), huge));

    Source<Chunk, NotUsed> source = ElementStream.of(List.of(leafOf(stored.get(0))), this::read);

    List<Chunk> chunks = chunks(source);
    assertThat(chunks.size()).isGreaterThan(45);
    assertThat(chunks.stream().mapToInt(chunk -> chunk.bytes().length).max())
        .hasValue(ElementStream.CHUNK_BYTES);
    assertThat(elements(receive(source))).isEqualTo(stored);
  }

  @Test
  void aSlotIsSaidToBeDoneOnlyOnceAllOfItHasArrived() {
    Shards shards = new Shards(64);
    store(20_000, 700);

    List<Arrival> arrivals = receive(ElementStream.ofShards(shards, List.of(5), 0, this::read));

    assertThat(arrivals.size()).isGreaterThan(3);
    List<Element> all = inShards(shards, 0, 5);
    int count = 0;
    for (Arrival arrival : arrivals) {
      count += arrival.elements().size();
      List<Element> rest = all.subList(count, all.size());
      assertThat(rest).allMatch(element -> element.key().slot() > arrival.slotDone());
    }
    assertThat(arrivals.get(0).slotDone()).isBetween(shards.firstSlot(5), shards.lastSlot(5));
  }

  @Test
  void aSlotIsReadAtOnceAndASliceAtATimeWhereItIsFull() {
    receive(ElementStream.ofShards(new Shards(1024), List.of(3), 0, this::read));
    assertThat(reads).hasSize(16_384 / 1024).containsOnly(256);

    reads.clear();
    for (int i = 0; i < 3_000; i++) {
      stored.add(
          Element.string(Key.of(("{one}" + i).getBytes(StandardCharsets.UTF_8)), at(i), bytes(9)));
    }
    Key huge = Key.of("{one}huge".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 2_500; i++) {
      stored.add(Element.member(huge, ("m" + i).getBytes(StandardCharsets.UTF_8), at(i)));
    }
    int slot = huge.slot();
    List<Leaf> leaves = IntStream.range(0, 256).mapToObj(leaf -> new Leaf(slot, leaf)).toList();
    List<Arrival> arrivals = receive(ElementStream.of(leaves, this::read));
    assertThat(elements(arrivals))
        .isEqualTo(stored.stream().sorted(Element::comparePlace).toList());
    assertThat(last(arrivals).slotDone()).isEqualTo(slot);
    assertThat(arrivals.get(0).slotDone()).isEqualTo(-1);
    assertThat(reads).hasSize(5_500 / SLICE + 1);
    // What is left of the leaves, down to the last.
    assertThat(reads).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(reads.get(0)).isEqualTo(256);
    assertThat(last(reads)).isLessThan(256);
  }

  @Test
  void nothingToSendIsAWholeStreamToo() {
    List<Arrival> arrivals = receive(ElementStream.of(List.of(), this::read));

    assertThat(elements(arrivals)).isEmpty();
    assertThat(last(arrivals).complete()).isTrue();
  }

  @Test
  void aStreamThatEndsEarlyIsBroken() {
    store(20_000, 40);
    List<Chunk> chunks = chunks(ElementStream.ofShards(new Shards(64), List.of(3), 0, this::read));

    assertBroken(chunks.subList(0, chunks.size() - 1), "without its last chunk");
    assertBroken(List.of(), "without its last chunk");
  }

  @Test
  void aLostRepeatedOrAlteredChunkIsNoticed() {
    store(20_000, 700);
    List<Chunk> chunks = chunks(ElementStream.ofShards(new Shards(64), List.of(3), 0, this::read));
    assertThat(chunks.size()).isGreaterThan(3);
    Chunk first = chunks.get(0);
    Chunk end = last(chunks);

    assertBroken(altered(chunks, list -> list.remove(1)), "position");
    assertBroken(altered(chunks, list -> list.add(1, first)), "position");
    assertBroken(altered(chunks, list -> list.add(end)), "behind its end");
    assertBroken(
        altered(
            chunks,
            list ->
                list.set(
                    list.size() - 1,
                    withEnd(end, e -> new End(e.elements() + 1, e.bytes(), e.crc32c())))),
        "elements");
    assertBroken(
        altered(
            chunks,
            list ->
                list.set(
                    list.size() - 1,
                    withEnd(end, e -> new End(e.elements(), e.bytes() + 1, e.crc32c())))),
        "bytes");
    byte[] flipped = first.bytes().clone();
    // Within a value: decoding alone would not notice.
    flipped[flipped.length / 2] ^= 1;
    assertThatThrownBy(
            () ->
                receive(
                    Source.from(
                        altered(
                            chunks,
                            list -> list.set(0, new Chunk(0, flipped, first.slotDone(), null))))))
        .hasCauseInstanceOf(BrokenStreamException.class);
  }

  @Test
  void elementsOutOfOrderAreRefused() {
    store(50, 10);
    List<Element> two = stored.stream().sorted(Element::comparePlace).limit(2).toList();
    ElementWriter writer = new ElementWriter();
    writer.put(two.get(1));
    writer.put(two.get(0));

    assertBroken(List.of(new Chunk(0, writer.toByteArray(), -1, null)), "out of order");
  }

  @Test
  void aFailedReadFailsTheStreamAndIsNotTakenForItsEnd() {
    Source<Chunk, NotUsed> source =
        ElementStream.ofShards(
            new Shards(64),
            List.of(3),
            0,
            (leaves, from) ->
                CompletableFuture.failedFuture(new IllegalStateException("shard is gone")));

    assertThatThrownBy(() -> receive(source)).hasRootCauseMessage("shard is gone");
  }

  @Test
  void aSenderThatOwesAChunkForTooLongIsGivenUp() {
    Source<Chunk, NotUsed> silent =
        Source.<Chunk>maybe().mapMaterializedValue(m -> NotUsed.getInstance());

    assertThatThrownBy(
            () ->
                await(
                    silent
                        .via(ElementArrivals.flow(Duration.ofMillis(50)))
                        .runWith(Sink.seq(), KIT.system())
                        .toCompletableFuture()))
        .hasCauseInstanceOf(TimeoutException.class);
  }

  private void assertBroken(List<Chunk> chunks, String message) {
    assertThatThrownBy(() -> receive(Source.from(chunks)))
        .hasCauseInstanceOf(BrokenStreamException.class)
        .hasMessageContaining(message);
  }

  private static List<Chunk> altered(
      List<Chunk> chunks, java.util.function.Consumer<List<Chunk>> how) {
    List<Chunk> altered = new ArrayList<>(chunks);
    how.accept(altered);
    return altered;
  }

  private static Chunk withEnd(Chunk chunk, UnaryOperator<End> how) {
    return new Chunk(chunk.position(), chunk.bytes(), chunk.slotDone(), how.apply(chunk.end()));
  }

  private void store(int keys, int valueBytes) {
    for (int i = 0; i < keys; i++) {
      Key key = Key.of(("key-" + i).getBytes(StandardCharsets.UTF_8));
      stored.add(Element.string(key, at(i), bytes(valueBytes)));
    }
  }

  /** As a shard answers, in slices of its own size. */
  private CompletableFuture<Elements> read(List<Leaf> leaves, Optional<ElementCursor> from) {
    reads.add(leaves.size());
    assertThat(leaves).extracting(Leaf::slot).containsOnly(leaves.get(0).slot());
    if (bySlot.isEmpty()) {
      stored.forEach(e -> bySlot.computeIfAbsent(e.key().slot(), s -> new ArrayList<>()).add(e));
    }
    Set<Leaf> wanted = new HashSet<>(leaves);
    List<Element> left =
        bySlot.getOrDefault(leaves.get(0).slot(), List.of()).stream()
            .filter(e -> wanted.contains(leafOf(e)))
            .sorted(Element::comparePlace)
            .dropWhile(e -> from.isPresent() && isBefore(e, from.get()))
            .toList();
    Optional<ElementCursor> next =
        left.stream()
            .skip(SLICE)
            .findFirst()
            .map(e -> new ElementCursor(e.key(), e.kind().code(), e.part()));
    return CompletableFuture.completedFuture(
        new Elements(left.stream().limit(SLICE).toList(), next, 0));
  }

  private static boolean isBefore(Element element, ElementCursor place) {
    assertThat(place.key().slot()).isEqualTo(element.key().slot());
    Element there =
        new Element(
            place.key(),
            Element.Kind.of(place.kind()),
            place.part(),
            new Version(0, 0),
            new byte[0],
            0,
            Version.NONE);
    return element.comparePlace(there) < 0;
  }

  private List<Element> inShards(Shards shards, int fromSlot, Integer... numbers) {
    return stored.stream()
        .filter(e -> List.of(numbers).contains(shards.shardOf(e.key().slot())))
        .filter(e -> e.key().slot() >= fromSlot)
        .sorted(Element::comparePlace)
        .toList();
  }

  private List<Chunk> chunks(Source<Chunk, NotUsed> source) {
    return await(source.runWith(Sink.seq(), KIT.system()).toCompletableFuture());
  }

  private List<Arrival> receive(Source<Chunk, NotUsed> source) {
    return await(
        source
            .via(ElementArrivals.flow(PATIENCE))
            .runWith(Sink.seq(), KIT.system())
            .toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static List<Element> elements(List<Arrival> arrivals) {
    return arrivals.stream().flatMap(arrival -> arrival.elements().stream()).toList();
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private static Leaf leafOf(Element element) {
    return new Leaf(element.key().slot(), element.key().leaf());
  }

  private static Version at(long time) {
    return new Version(time + 1, 1);
  }

  private static byte[] bytes(int length) {
    return new byte[length];
  }
}

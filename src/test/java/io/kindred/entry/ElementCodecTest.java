package io.kindred.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ElementCodecTest {

  @Property
  void whatIsWrittenIsRead(@ForAll long seed, @ForAll @IntRange(max = 40) int size)
      throws MalformedElementException {
    List<Element> written = randomElements(new Random(seed), size);
    List<Element> read = new ArrayList<>();
    ElementReader.forEach(encoded(written), read::add);
    assertThat(read).isEqualTo(written);
  }

  @Property
  void chunksMayBeCutAnywhere(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int bytesMax)
      throws MalformedElementException {
    Random random = new Random(seed);
    List<Element> written = randomElements(random, 20);
    ElementWriter writer = new ElementWriter();
    ElementReader reader = new ElementReader();
    List<Element> read = new ArrayList<>();
    for (Element element : written) {
      writer.put(element);
      while (writer.size() > bytesMax && random.nextBoolean()) {
        reader.feed(writer.take(1 + random.nextInt(bytesMax)), read::add);
      }
    }
    while (!writer.isEmpty()) {
      reader.feed(writer.take(1 + random.nextInt(bytesMax)), read::add);
    }
    assertThat(reader.isBetweenElements()).isTrue();
    assertThat(read).isEqualTo(written);
  }

  @Property
  void whatWasCutOffIsNoticed(@ForAll long seed) throws MalformedElementException {
    Random random = new Random(seed);
    List<Element> written = randomElements(random, 5);
    byte[] whole = encoded(written);
    byte[] cut = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
    ElementReader fed = new ElementReader();
    List<Element> read = new ArrayList<>();
    fed.feed(cut, read::add);
    assertThat(read).isEqualTo(written.subList(0, read.size()));
    assertThat(fed.isBetweenElements()).isEqualTo(encoded(read).length == cut.length);
    if (!fed.isBetweenElements()) {
      assertThatThrownBy(() -> ElementReader.forEach(cut, e -> {}))
          .isInstanceOf(MalformedElementException.class)
          .hasMessageContaining("at byte " + encoded(read).length);
    }
  }

  /** As a log has them, each behind a number, or as a snapshot has them, side by side. */
  private static byte[] withPairs(Random random, boolean log, long tag, List<Element> written) {
    ElementWriter writer = new ElementWriter();
    for (Element element : randomElements(random, 12)) {
      put(writer, log, tag, element, written);
      if (random.nextBoolean()) {
        Element string = Element.string(element.key(), Elements.version(random), new byte[] {7, 8});
        long at = random.nextBoolean() ? Element.NEVER : random.nextInt(9);
        Element expiry = Element.expiry(string.key(), string.version(), at);
        boolean stringFirst = random.nextBoolean();
        put(writer, log, tag, stringFirst ? string : expiry, written);
        put(writer, log, tag, stringFirst ? expiry : string, written);
      }
    }
    return writer.toByteArray();
  }

  private static void put(
      ElementWriter writer, boolean log, long tag, Element element, List<Element> written) {
    if (log) {
      writer.putVarint(tag);
    }
    writer.put(element);
    written.add(element);
  }

  /** How many pairs were read in one step. */
  private static int readPairs(byte[] bytes, boolean log, long tag, List<Element> read)
      throws MalformedElementException {
    ElementReader reader = new ElementReader(bytes);
    int pairs = 0;
    while (reader.hasNext()) {
      if (log) {
        assertThat(reader.varint()).isEqualTo(tag);
      }
      StoredString pair = reader.string(log ? tag : ElementReader.NOTHING);
      if (pair == null) {
        read.add(reader.next());
      } else {
        pairs++;
        read.add(pair.string());
        read.add(pair.expiry());
      }
    }
    return pairs;
  }

  @Property
  void stringsAreReadWithTheirExpiryInOneStep(
      @ForAll long seed, @ForAll boolean log, @ForAll @IntRange(max = 300) int tag)
      throws MalformedElementException {
    List<Element> written = new ArrayList<>();
    byte[] bytes = withPairs(new Random(seed), log, tag, written);
    List<Element> read = new ArrayList<>();
    int pairs = readPairs(bytes, log, tag, read);
    assertThat(read).containsExactlyInAnyOrderElementsOf(written);
    int expected = 0;
    for (int i = 0; i + 1 < written.size(); i++) {
      if (belongTogether(written.get(i), written.get(i + 1))) {
        expected++;
        i++;
      }
    }
    assertThat(pairs).isEqualTo(expected);
  }

  private static boolean belongTogether(Element one, Element other) {
    return EnumSet.of(one.kind(), other.kind()).equals(EnumSet.of(Kind.STRING, Kind.EXPIRY))
        && one.key().equals(other.key())
        && one.version().equals(other.version());
  }

  @Property
  void aPairThatEndsTooEarlyIsNone(@ForAll long seed, @ForAll boolean log) {
    Random random = new Random(seed);
    byte[] bytes = withPairs(random, log, 5, new ArrayList<>());
    byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
    List<Element> read = new ArrayList<>();
    List<Element> oneByOne = new ArrayList<>();
    boolean whole = endsWell(() -> readPairs(cut, log, 5, read));
    boolean wholeOneByOne =
        endsWell(
            () -> {
              ElementReader reader = new ElementReader(cut);
              while (reader.hasNext()) {
                if (log) {
                  reader.varint();
                }
                oneByOne.add(reader.next());
              }
            });
    assertThat(read).containsExactlyInAnyOrderElementsOf(oneByOne);
    assertThat(whole).isEqualTo(wholeOneByOne);
  }

  private interface Reading {
    void run() throws MalformedElementException;
  }

  private static boolean endsWell(Reading reading) {
    try {
      reading.run();
      return true;
    } catch (MalformedElementException e) {
      return false;
    }
  }

  @Property
  void noBytesBreakTheReaderOfPairsButByItsOwnException(@ForAll byte[] noise, @ForAll boolean log) {
    ElementReader reader = new ElementReader(noise);
    try {
      while (reader.hasNext()) {
        StoredString pair = reader.string(log ? 3 : ElementReader.NOTHING);
        if (pair == null) {
          assertThat(reader.next().key()).isNotNull();
        } else {
          assertThat(pair.string().value()).hasSize(pair.valueLength());
        }
      }
    } catch (MalformedElementException e) {
      assertThat(e.position()).isBetween(0L, (long) noise.length);
    }
  }

  @Property
  void noBytesBreakTheReaderButByItsOwnException(@ForAll byte[] noise) {
    try {
      ElementReader.forEach(noise, e -> assertThat(e.key()).isNotNull());
    } catch (MalformedElementException e) {
      assertThat(e.position()).isBetween(0L, (long) noise.length);
    }
  }

  @Property
  void aFlippedBitGivesOtherElementsOrTheExceptionNeverMore(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = encoded(randomElements(random, 8));
    int bit = random.nextInt(bytes.length * 8);
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    try {
      ElementReader reader = new ElementReader();
      reader.feed(bytes, e -> assertThat(e.key()).isNotNull());
    } catch (MalformedElementException e) {
      assertThat(e.position()).isBetween(0L, (long) bytes.length);
    }
  }

  @Test
  void theSecondElementOfASetCostsOneByte() {
    Version version = new Version(HybridClock.ofMillis(1_700_000_000_000L), 7);
    ElementWriter writer = new ElementWriter();
    writer.put(Element.string(Elements.key("k"), version, Elements.text("v")));
    int first = writer.size();
    writer.put(Element.expiry(Elements.key("k"), version, Element.NEVER));
    assertThat(writer.size() - first).isEqualTo(1);
  }

  @Test
  void theNextCommandOfTheSameOriginCostsNoOriginAndAShortTime() {
    long time = HybridClock.ofMillis(1_700_000_000_000L);
    ElementWriter writer = new ElementWriter();
    writer.put(Element.string(Elements.key("k"), new Version(time, 7), Elements.text("v")));
    int first = writer.size();
    writer.put(Element.string(Elements.key("l"), new Version(time + 1, 7), Elements.text("v")));
    assertThat(writer.size() - first).isEqualTo(1 + 2 + 1 + 1 + 2);
  }

  @Test
  void aRoundScoreAndAContributionAreShort() {
    Version version = new Version(HybridClock.ofMillis(1_700_000_000_000L), 7);
    Key key = Elements.key("k");
    byte[] name = Elements.text("m");
    ElementWriter writer = new ElementWriter();
    writer.put(Element.score(key, name, version, 1));
    int before = writer.size();
    writer.put(Element.score(key, name, version, 100));
    assertThat(writer.size() - before).as("head, member, score").isEqualTo(1 + 2 + 3);
    before = writer.size();
    writer.put(Element.fieldCount(key, name, version, Version.NONE, true, 3));
    assertThat(writer.size() - before).as("head, field, sum").isEqualTo(1 + 2 + 1);
    before = writer.size();
    writer.put(Element.scoreCount(key, name, version, version, false, 2));
    assertThat(writer.size() - before).as("head, member, sum, base").isEqualTo(1 + 2 + 1 + 2);
  }

  @Test
  void moreOriginsThanAreRememberedAreWrittenOut() throws MalformedElementException {
    List<Element> written = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int origin = 0; origin < 2 * ElementWriter.ORIGINS_MAX; origin++) {
        Version version = new Version(round, origin);
        written.add(Element.count(Elements.key("k"), version, version, origin));
      }
    }
    List<Element> read = new ArrayList<>();
    ElementReader.forEach(encoded(written), read::add);
    assertThat(read).isEqualTo(written);
  }

  @Test
  void numbersMayStandBetweenElements() throws MalformedElementException {
    ElementWriter writer = new ElementWriter();
    Element element = Element.clear(Elements.key("k"), new Version(5, 6));
    for (long number : new long[] {0, 127, 128, Long.MAX_VALUE, -1}) {
      writer.putVarint(number);
      writer.put(element);
    }
    ByteBuffer view = writer.view();
    byte[] padded = new byte[view.remaining() + 6];
    view.get(padded, 3, view.remaining());
    ElementReader reader = new ElementReader(padded, 3, padded.length - 3);
    for (long number : new long[] {0, 127, 128, Long.MAX_VALUE, -1}) {
      assertThat(reader.varint()).isEqualTo(number);
      assertThat(reader.next()).isEqualTo(element);
    }
    assertThat(reader.hasNext()).isFalse();
  }

  @Test
  void aHugeElementInManyChunksIsCopiedABoundedNumberOfTimes() throws MalformedElementException {
    byte[] value = new byte[64 << 20];
    new Random(1).nextBytes(value);
    Element huge = Element.string(Elements.key("k"), new Version(5, 6), value);
    Element small = Element.clear(Elements.key("k"), new Version(7, 6));
    ElementWriter writer = new ElementWriter();
    writer.put(small);
    writer.put(huge);
    writer.put(small);
    ElementReader reader = new ElementReader();
    List<Element> read = new ArrayList<>();
    while (!writer.isEmpty()) {
      reader.feed(writer.take(64 << 10), read::add);
    }
    assertThat(read).isEqualTo(List.of(small, huge, small));
    assertThat(reader.isBetweenElements()).isTrue();
  }

  @Test
  void aClaimedLengthIsNotBelieved() throws MalformedElementException {
    ElementReader reader = new ElementReader();
    // A string's head, then a key of 2 GiB that never comes.
    reader.feed(new byte[] {4, (byte) 0xf0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7}, e -> {});
    reader.feed(new byte[100], e -> {});
    assertThat(reader.isBetweenElements()).isFalse();
    assertThatThrownBy(
            () ->
                new ElementReader()
                    .feed(
                        new byte[] {4, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 127},
                        e -> {}))
        .isInstanceOf(MalformedElementException.class)
        .hasMessageContaining("length");
  }

  private static byte[] encoded(List<Element> elements) {
    ElementWriter writer = new ElementWriter();
    elements.forEach(writer::put);
    return writer.toByteArray();
  }

  private static List<Element> randomElements(Random random, int size) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(Elements.any(random));
    }
    return elements;
  }
}

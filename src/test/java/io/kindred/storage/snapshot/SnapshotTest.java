package io.kindred.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.storage.Crc;
import io.kindred.storage.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a snapshot's file gives back, whole and damaged. */
class SnapshotTest {

  private static final SnapshotHead HEAD = new SnapshotHead(77, 3, 1, 5, 1_000, 0, 1_234);
  private static final SnapshotName NAME = new SnapshotName(3, 1_000);

  @Test
  void givesBackWhatWasPutInAsAWholeAndLeafByLeaf() throws IOException {
    for (int count : new int[] {0, 1, 10, 20_000}) {
      List<Element> elements = elements(count, 40, 1);
      FaultyDisk disk = new FaultyDisk();
      SnapshotFoot foot = write(disk, elements, 9_999);
      try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
        assertThat(reader.head()).isEqualTo(HEAD);
        assertThat(reader.foot()).isEqualTo(foot);
        assertThat(foot.logEnd()).isEqualTo(9_999);
        assertThat(foot.elements()).isEqualTo(count);
        assertThat(foot.digest())
            .isEqualTo(elements.stream().mapToLong(element -> element.digest(77)).sum());
        List<Element> read = new ArrayList<>();
        reader.readAll(read::add);
        assertThat(read).isEqualTo(elements);
        for (int i = 0; i < count; i += 1 + count / 50) {
          assertThat(leaf(reader, elements.get(i))).isEqualTo(inLeafOf(elements, elements.get(i)));
        }
        Element nowhere = text(Key.of(new byte[] {1, 2, 3}), 1, "");
        assertThat(leaf(reader, nowhere)).isEqualTo(inLeafOf(elements, nowhere));
      }
    }
  }

  @Test
  void aLeafMayFillManyBlocks() throws IOException {
    List<Element> elements = new ArrayList<>(elements(200, 10, 5));
    Key big = Elements.key("a big one");
    Random random = new Random(4);
    for (int i = 0; i < 4_000; i++) {
      byte[] value = new byte[100];
      random.nextBytes(value);
      elements.add(Element.field(big, Elements.text(String.format("%06d", i)), V, value));
    }
    byte[] huge = new byte[3 << 20];
    random.nextBytes(huge);
    elements.add(Element.field(big, Elements.text("huge"), V, huge));
    elements.sort(Element::comparePlace);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      List<Element> read = new ArrayList<>();
      reader.readAll(read::add);
      assertThat(read).isEqualTo(elements);
      for (Element element : List.of(elements.get(0), text(big, 1, ""))) {
        assertThat(leaf(reader, element)).isEqualTo(inLeafOf(elements, element));
      }
    }
  }

  @Test
  void refusesElementsOutOfOrder() throws IOException {
    List<Element> elements = elements(2, 3, 1);
    try (SnapshotWriter writer = SnapshotWriter.create(new FaultyDisk(), HEAD)) {
      writer.put(elements.get(1));
      assertThatThrownBy(() -> writer.put(elements.get(0)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(writer::publish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatAStartWasLoadedFromStaysThoughItsNameWasNeverSynced() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      FaultyDisk disk = new FaultyDisk();
      SnapshotWriter writer = SnapshotWriter.create(disk, HEAD);
      writer.put(elements(1, 20, seed).get(0));
      writer.finish(0);
      disk.setSyncFails(true);
      assertThatThrownBy(writer::publish).isInstanceOf(IOException.class);

      FaultyDisk found = disk.after(FaultyDisk.Crash.KEEPS_ALL, random);
      assertThat(SnapshotDirectory.open(found).load(3, 77, element -> {}).snapshot()).isPresent();
      // The log is cut by it from now on.
      FaultyDisk later = found.after(FaultyDisk.Crash.LOSES_ALL, random);
      assertThat(SnapshotDirectory.open(later).load(3, 77, element -> {}).snapshot())
          .as("seed %d", seed)
          .isPresent();
    }
  }

  @Test
  void isNotThereBeforeItIsPublishedWhateverHappens() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      FaultyDisk disk = new FaultyDisk();
      SnapshotWriter writer = SnapshotWriter.create(disk, HEAD);
      for (Element element : elements(300, 20, seed)) {
        writer.put(element);
      }
      boolean finished = random.nextBoolean();
      if (finished) {
        writer.finish(0);
      }
      FaultyDisk found = disk.after(FaultyDisk.Crash.anyPowerCut(random), random);
      SnapshotDirectory directory = SnapshotDirectory.open(found);
      assertThat(found.list()).isEmpty();
      assertThat(directory.load(3, 77, element -> {}).snapshot()).isEmpty();
      writer.close();
      assertThat(disk.list()).isEmpty();
    }
  }

  @Test
  void aPublishedOneSurvivesAnyPowerCutAndReplacesTheOlder() throws IOException {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      FaultyDisk disk = new FaultyDisk();
      write(disk, elements(100, 20, 1), 0);
      List<Element> newer = elements(100, 20, 2);
      try (SnapshotWriter writer =
          SnapshotWriter.create(disk, new SnapshotHead(77, 3, 1, 5, 2_000, 0, 0))) {
        for (Element element : newer) {
          writer.put(element);
        }
        writer.finish(0);
        writer.publish();
      }
      SnapshotDirectory.open(disk).deleteOthers(3, 2_000);
      FaultyDisk found = disk.after(FaultyDisk.Crash.anyPowerCut(random), random);
      List<Element> read = new ArrayList<>();
      SnapshotDirectory.Loaded loaded = SnapshotDirectory.open(found).load(3, 77, read::add);
      assertThat(loaded.snapshot().orElseThrow().head().start()).isEqualTo(2_000);
      assertThat(read).isEqualTo(newer);
    }
  }

  @Test
  void cutAtAnyByteItIsRefusedWithAReason() throws IOException {
    List<Element> elements = elements(120, 20, 1);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    byte[] whole = disk.bytes(NAME.file());
    for (int bytes = 0; bytes < whole.length; bytes++) {
      disk.setBytes(NAME.file(), Arrays.copyOf(whole, bytes));
      assertThatThrownBy(() -> readAll(disk))
          .as("cut at %d", bytes)
          .isInstanceOf(SnapshotDamagedException.class)
          .hasMessageContaining("memory/" + NAME.file())
          .hasMessageContaining("offset");
    }
  }

  @Test
  void anyFlippedBitIsNoticedAndNothingWrongIsRead() throws IOException {
    List<Element> elements = elements(60, 20, 1);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    byte[] whole = disk.bytes(NAME.file());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      disk.setBytes(NAME.file(), flipped);
      List<Element> read = new ArrayList<>();
      SnapshotDirectory.Loaded loaded = SnapshotDirectory.open(disk).load(3, 77, read::add);
      assertThat(loaded.snapshot()).as("bit %d", bit).isEmpty();
      assertThat(loaded.damages()).hasSize(1);
      assertThat(elements).containsAll(read);
    }
  }

  @Test
  void anOlderGoodOneIsTakenWhereTheNewerIsDamaged() throws IOException {
    List<Element> elements = elements(60, 20, 1);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    SnapshotName newer = new SnapshotName(3, 3_000);
    disk.open(newer.file()).close();
    disk.setBytes(newer.file(), new byte[500]);
    List<Element> read = new ArrayList<>();
    SnapshotDirectory.Loaded loaded = SnapshotDirectory.open(disk).load(3, 77, read::add);
    assertThat(read).isEqualTo(elements);
    assertThat(loaded.snapshot().orElseThrow().head()).isEqualTo(HEAD);
    assertThat(loaded.damages()).hasSize(1).first().asString().contains(newer.file());
    assertThat(SnapshotDirectory.open(disk).load(3, 78, element -> {}).snapshot())
        .as("of another ring")
        .isEmpty();
  }

  @Test
  void aDamagedBlockCostsItsElementsAlone() throws IOException {
    List<Element> elements = elements(4_000, 200, 1);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    byte[] whole = disk.bytes(NAME.file());
    List<Element> lost = new ArrayList<>();
    for (int offset = Blocks.HEAD_BYTES; offset < whole.length; ) {
      int length = Blocks.BLOCK_HEAD_BYTES + ByteBuffer.wrap(whole).getInt(offset + 4);
      byte[] damaged = whole.clone();
      damaged[offset + length / 2] ^= 4;
      disk.setBytes(NAME.file(), damaged);
      List<Element> read = readDamaged(disk);
      lost.addAll(elements.stream().filter(element -> !read.contains(element)).toList());
      assertThat(read).hasSizeBetween(elements.size() / 2, elements.size() - 1);
      offset += length;
      if (lost.size() == elements.size()) {
        break;
      }
    }
    assertThat(lost).as("each in one block").containsExactlyInAnyOrderElementsOf(elements);
  }

  @Test
  void withoutAnIndexTheBlocksAreReadOneBehindTheOther() throws IOException {
    List<Element> elements = elements(4_000, 200, 1);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    byte[] whole = disk.bytes(NAME.file());
    for (int behind : new int[] {whole.length - 1, whole.length - Blocks.FOOT_BYTES - 1}) {
      byte[] damaged = whole.clone();
      damaged[behind] ^= 4;
      disk.setBytes(NAME.file(), damaged);
      assertThat(readDamaged(disk)).isEqualTo(elements);
    }
  }

  @Test
  void aBadSectorCostsTheBlocksOnItAndTheFileIsKept() throws IOException {
    List<Element> elements = elements(4_000, 200, 1);
    FaultyDisk disk = new FaultyDisk();
    write(disk, elements, 0);
    disk.setUnreadable(NAME.file(), 8_192, 8_193);
    List<Element> read = new ArrayList<>();
    SnapshotDirectory directory = SnapshotDirectory.open(disk);
    SnapshotDirectory.Loaded loaded = directory.load(3, 77, read::add);
    assertThat(loaded.snapshot()).isEmpty();
    assertThat(loaded.damages()).hasSize(1);
    assertThat(read).hasSizeGreaterThan(elements.size() / 2).hasSizeLessThan(elements.size());
    directory.deleteOthers(3, 9_999);
    assertThat(disk.list()).containsExactly(NAME.file() + ".unreadable");
  }

  private static List<Element> readDamaged(FaultyDisk disk) throws IOException {
    List<Element> read = new ArrayList<>();
    SnapshotDirectory.Loaded loaded = SnapshotDirectory.open(disk).load(3, 77, read::add);
    assertThat(loaded.snapshot()).isEmpty();
    assertThat(loaded.damages()).hasSize(1);
    return read;
  }

  /** Bytes of any kind, and a good file with a few changed: no hang, no huge array, no nonsense. */
  @Property(tries = 3_000)
  void readsNoNonsenseFromAnyBytes(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    FaultyDisk disk = new FaultyDisk();
    List<Element> elements = elements(1 + random.nextInt(200), 1 + random.nextInt(60), seed);
    write(disk, elements, 0);
    byte[] bytes = disk.bytes(NAME.file());
    switch (random.nextInt(4)) {
      case 0 -> {
        bytes = new byte[random.nextInt(2_000)];
        random.nextBytes(bytes);
      }
      case 1 -> {
        for (int i = random.nextInt(5); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(bytes.length - from);
        System.arraycopy(bytes, from, bytes, random.nextInt(bytes.length - length), length);
      }
      default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
    }
    disk.setBytes(NAME.file(), bytes);
    List<Element> read = new ArrayList<>();
    SnapshotDirectory.Loaded loaded = SnapshotDirectory.open(disk).load(3, 77, read::add);
    assertThat(elements).containsAll(read);
    assertThat(loaded.snapshot().isPresent()).isEqualTo(loaded.damages().isEmpty());
  }

  /** The same with nonsense in a block and all checksums right, as a mistake of ours would have. */
  @Property(tries = 3_000)
  void noBlockBreaksTheReaderBehindGoodChecksums(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    FaultyDisk disk = new FaultyDisk();
    List<Element> elements = elements(1 + random.nextInt(20), 20, seed);
    write(disk, elements, 0);
    ElementWriter writer = new ElementWriter();
    elements.forEach(writer::put);
    byte[] raw = writer.toByteArray();
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      raw[random.nextInt(raw.length)] = (byte) random.nextInt(256);
    }
    if (random.nextInt(4) == 0) {
      raw = Arrays.copyOf(raw, 1 + random.nextInt(2 * raw.length));
    }
    int claimed = random.nextInt(4) == 0 ? random.nextInt() : elements.size();
    disk.setBytes(NAME.file(), withOneBlock(disk.bytes(NAME.file()), raw, claimed));
    List<Element> read = new ArrayList<>();
    SnapshotDirectory.Loaded loaded = SnapshotDirectory.open(disk).load(3, 77, read::add);
    assertThat(loaded.snapshot().isPresent()).isEqualTo(loaded.damages().isEmpty());
    assertThat(loaded.snapshot().isEmpty() || read.size() == claimed).isTrue();
  }

  /** A snapshot like a good one, but with a single block that holds these bytes. */
  private static byte[] withOneBlock(byte[] good, byte[] raw, int claimed) {
    int footAt = good.length - Blocks.FOOT_BYTES;
    ByteBuffer foot = ByteBuffer.wrap(Arrays.copyOfRange(good, footAt, good.length));
    int firstEntry = (int) foot.getLong(32);
    ByteBuffer block = new Blocks().pack(raw, claimed);
    int indexAt = Blocks.HEAD_BYTES + block.remaining();
    byte[] bytes = new byte[indexAt + Blocks.INDEX_ENTRY_BYTES + Blocks.FOOT_BYTES];
    System.arraycopy(good, 0, bytes, 0, Blocks.HEAD_BYTES);
    block.get(bytes, Blocks.HEAD_BYTES, block.remaining());
    System.arraycopy(good, firstEntry, bytes, indexAt, Blocks.INDEX_ENTRY_BYTES);
    foot.putLong(0, claimed).putLong(32, indexAt).putInt(40, 1);
    foot.putInt(44, Crc.of(bytes, indexAt, Blocks.INDEX_ENTRY_BYTES));
    foot.putInt(48, Crc.of(foot.array(), 0, 48));
    foot.get(0, bytes, indexAt + Blocks.INDEX_ENTRY_BYTES, Blocks.FOOT_BYTES);
    return bytes;
  }

  private static final Version V = new Version(5L << 16, 9);

  private static Element text(Key key, long time, String value) {
    return Element.string(key, new Version(time, 9), Elements.text(value));
  }

  /** That many, sorted, each in a place of its own. */
  private static List<Element> elements(int count, int valueBytes, long seed) {
    Random random = new Random(seed);
    TreeSet<Element> sorted = new TreeSet<>(Comparator.comparing(e -> e, Element::comparePlace));
    while (sorted.size() < count) {
      Key key = Elements.key("key-" + random.nextInt(10 * count));
      sorted.add(
          random.nextBoolean()
              ? text(key, random.nextInt(1_000), "v".repeat(random.nextInt(valueBytes)))
              : Element.field(key, Elements.text("f" + random.nextInt(9)), V, new byte[3]));
    }
    return List.copyOf(sorted);
  }

  private static SnapshotFoot write(FaultyDisk disk, List<Element> elements, long logEnd)
      throws IOException {
    try (SnapshotWriter writer = SnapshotWriter.create(disk, HEAD)) {
      for (Element element : elements) {
        writer.put(element);
      }
      SnapshotFoot foot = writer.finish(logEnd);
      writer.publish();
      assertThat(writer.fileBytes()).isEqualTo(disk.bytes(NAME.file()).length);
      return foot;
    }
  }

  private static void readAll(FaultyDisk disk) throws IOException {
    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      reader.readAll(element -> {});
    }
  }

  private static List<Element> leaf(SnapshotReader reader, Element like) throws IOException {
    List<Element> found = new ArrayList<>();
    reader.readLeaf(like.key().slot(), like.key().leaf(), found::add);
    return found;
  }

  private static List<Element> inLeafOf(List<Element> all, Element like) {
    return all.stream()
        .filter(
            element ->
                element.key().slot() == like.key().slot()
                    && element.key().leaf() == like.key().leaf())
        .toList();
  }
}

package io.kindred.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kindred.entry.HybridClock;
import io.kindred.entry.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node's data directory: who it is, which boot this is, and how far its clock has come. One
 * process at a time.
 *
 * <p>Files: {@code lock}; {@code identity} (store identity and number of lanes, written once);
 * {@code boot} (the boot number and the generation of the logs, synced before either is used);
 * {@code clock} (a bound above every hybrid time issued); {@code clean-stop} (there while the last
 * stop was a clean one: where the logs ended); {@code to-be-emptied} (there while the directory is
 * to lose all it has, identity included); {@code lane-N/} (the logs); {@code snapshots/}. Others
 * keep files of their own beside these.
 */
public final class DataDirectory implements Closeable {

  /**
   * How far the clock's bound is moved ahead: with less it is written often, with more a restart
   * after a crash begins with times that far in the future.
   */
  public static final long BOUND_AHEAD_MILLIS = 10_000;

  /** Begins the last line of each small file, before the checksum of what is above it. */
  private static final String CRC = "crc=";

  private static final String LOCK = "lock";
  private static final String TO_BE_EMPTIED = "to-be-emptied";

  /** A file system's own, where the directory is the root of one. */
  private static final String NOT_OURS = "lost+found";

  private final Path path;
  private final FileChannel lockChannel;
  private final FileLock lock;
  private final int store;
  private final int lanes;
  private final int boot;
  private final boolean clean;
  private final List<Long> endsAtStop;
  private volatile long generation;
  private final long clockStart;
  private final List<HybridClock> clocks = new CopyOnWriteArrayList<>();
  private volatile long clockBound;
  private volatile Optional<String> clockFailure = Optional.empty();

  private DataDirectory(Path path, int lanesWanted, FileChannel lockChannel, FileLock lock)
      throws IOException {
    this.path = path;
    this.lockChannel = lockChannel;
    this.lock = lock;
    Optional<Properties> identity = read("identity");
    if (identity.isPresent()) {
      store = (int) number(identity.get(), "identity", "store");
      lanes = (int) number(identity.get(), "identity", "lanes");
    } else {
      store = 1 + new SecureRandom().nextInt(Integer.MAX_VALUE - 1);
      lanes = lanesWanted;
      Properties fresh = new Properties();
      fresh.setProperty("store", Integer.toString(store));
      fresh.setProperty("lanes", Integer.toString(lanes));
      write("identity", fresh);
    }
    Optional<Properties> lastBoot = read("boot");
    Optional<Properties> stopped = readIfGood("clean-stop");
    clean = lastBoot.isEmpty() || stopped.isPresent();
    endsAtStop = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      String end = stopped.isEmpty() ? "0" : stopped.get().getProperty("lane-" + lane, "0");
      endsAtStop.add(end.matches("\\d{1,18}") ? Long.parseLong(end) : 0L);
    }
    boot = lastBoot.isEmpty() ? 1 : (int) number(lastBoot.get(), "boot", "boot") + 1;
    long lastGeneration = lastBoot.isEmpty() ? 0 : number(lastBoot.get(), "boot", "generation");
    generation = clean && lastGeneration > 0 ? lastGeneration : lastGeneration + 1;
    writeBoot();
    Files.deleteIfExists(path.resolve("clean-stop"));
    WholeFile.syncDirectory(path);
    Optional<Properties> clock = read("clock");
    clockStart = clock.isEmpty() ? 0 : number(clock.get(), "clock", "bound");
    clockBound = clockStart;
  }

  private void writeBoot() throws IOException {
    Properties booted = new Properties();
    booted.setProperty("boot", Integer.toString(boot));
    booted.setProperty("generation", Long.toString(generation));
    write("boot", booted);
  }

  /**
   * Opens the directory, and creates it if it is not there.
   *
   * @param lanesWanted how many lanes a new directory gets; an older one keeps its number
   * @throws IOException where it cannot be read or written, where a file of it is damaged, or where
   *     another process has it; says which
   */
  public static DataDirectory open(Path path, int lanesWanted) throws IOException {
    Files.createDirectories(path);
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(path);
      }
      emptyWhereNoted(path);
      return new DataDirectory(path, lanesWanted, channel, lock);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw taken(path);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Goes on where an earlier start was cut off: the note goes last. */
  private static void emptyWhereNoted(Path path) throws IOException {
    if (!Files.exists(path.resolve(TO_BE_EMPTIED))) {
      return;
    }
    Set<Path> kept =
        Stream.of(LOCK, TO_BE_EMPTIED, NOT_OURS).map(path::resolve).collect(Collectors.toSet());
    List<Path> doomed;
    try (Stream<Path> all = Files.list(path)) {
      doomed = all.filter(each -> !kept.contains(each)).toList();
    }
    for (Path each : doomed) {
      delete(each);
    }
    WholeFile.syncDirectory(path);
    Files.delete(path.resolve(TO_BE_EMPTIED));
    WholeFile.syncDirectory(path);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /**
   * Notes that the next {@link #open} is to empty the directory: all that it has is elsewhere, and
   * whoever is in it then is another node. It is on disk when this returns; this object goes on as
   * before.
   */
  public void noteToBeEmptied() throws IOException {
    replace(TO_BE_EMPTIED, "the next start empties this directory\n".getBytes(US_ASCII));
  }

  private static IOException taken(Path path) {
    return new IOException(
        "data directory "
            + path.toAbsolutePath()
            + " is in use by another process: stop that one, or set kindred.data-dir");
  }

  public Path path() {
    return path;
  }

  /** The directory's identity: random, positive, the same as long as it exists. */
  public int store() {
    return store;
  }

  public int lanes() {
    return lanes;
  }

  /** Who stamps the writes of this boot. */
  public Origin origin() {
    return new Origin(store, boot);
  }

  /**
   * The generation of the logs: the same over clean stops, a higher one after any other and where
   * they were not found as they had been left.
   */
  public long generation() {
    return generation;
  }

  /**
   * Draws a new generation, since positions of the old one may be given out a second time. To be
   * called before anybody was told of the old one; it is on disk when this returns.
   */
  public synchronized void renewGeneration() throws IOException {
    generation = generation + 1;
    writeBoot();
  }

  /**
   * Where a lane's log ended at a clean stop; 0 after any other. By this a start misses a lane's
   * whole folder too, which takes the log's own note with it.
   */
  public long endAtStop(int lane) {
    return endsAtStop.get(lane);
  }

  /** Where the shards' snapshots are. */
  public Path snapshots() {
    return path.resolve("snapshots");
  }

  /** Whether the last stop was a clean one; true for a new directory. */
  public boolean wasClean() {
    return clean;
  }

  /** Where a lane's log is. */
  public Path lane(int lane) {
    return path.resolve("lane-" + lane);
  }

  /** A clock for one lane. Its times are above all that this directory has issued in any boot. */
  public HybridClock newClock(io.kindred.entry.TimeSource wall) {
    HybridClock clock = new HybridClock(wall, this::raiseClockAbove, clockStart);
    clocks.add(clock);
    return clock;
  }

  /** The hybrid time that all clocks begin at: above all that earlier boots have issued. */
  public long clockStart() {
    return clockStart;
  }

  /** A time that some clock has reached, the highest of them; 0 while there are no clocks. */
  public long clockFloor() {
    return clocks.stream().mapToLong(HybridClock::floor).max().orElse(0);
  }

  /**
   * Moves the bound ahead before a clock needs it, so that no lane has to wait for the disk. To be
   * called about each second, from a thread that may block.
   */
  public void renewClockBound(long wallMillis) {
    long half = HybridClock.ofMillis(wallMillis + BOUND_AHEAD_MILLIS / 2);
    if (clockBound < half) {
      raiseClockAbove(HybridClock.ofMillis(wallMillis));
    }
  }

  /** Why the clock's bound cannot be written, without which nothing can be stamped before long. */
  public Optional<String> clockFailure() {
    return clockFailure;
  }

  private synchronized long raiseClockAbove(long time) {
    long wanted = time + HybridClock.ofMillis(BOUND_AHEAD_MILLIS);
    if (clockBound <= time || clockBound < wanted - HybridClock.ofMillis(BOUND_AHEAD_MILLIS / 2)) {
      try {
        writeClock(wanted);
        clockFailure = Optional.empty();
      } catch (IOException e) {
        clockFailure = Optional.of(path.resolve("clock") + ": " + e.getMessage());
        throw new UncheckedIOException(
            "the clock's bound cannot be written to " + path.resolve("clock").toAbsolutePath(), e);
      }
      clockBound = wanted;
    }
    return clockBound;
  }

  private synchronized void writeClock(long bound) throws IOException {
    Properties clock = new Properties();
    clock.setProperty("bound", Long.toString(bound));
    write("clock", clock);
  }

  /**
   * Notes that all logs were synced and nothing was written since; then {@link #close}. The clock's
   * bound comes down to what was issued or promised, so that the next start need not wait for it,
   * and yet keeps every promise.
   *
   * @param ends where each lane's log ended
   */
  public void markCleanStop(List<Long> ends) throws IOException {
    Properties stopped = new Properties();
    for (int lane = 0; lane < ends.size(); lane++) {
      stopped.setProperty("lane-" + lane, Long.toString(ends.get(lane)));
    }
    if (!clocks.isEmpty()) {
      long promised = clocks.stream().mapToLong(HybridClock::kept).max().orElse(0);
      writeClock(Math.max(clockFloor(), promised) + 1);
    }
    write("clean-stop", stopped);
  }

  /** Replaces a small file, as {@link WholeFile} does. */
  private void replace(String name, byte[] content) throws IOException {
    WholeFile.replace(path.resolve(name), content);
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockChannel.close();
  }

  private Optional<Properties> read(String name) throws IOException {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf(CRC);
    // One of an older version has none, and nothing else that is unknown.
    boolean good =
        end < 0
            ? text.matches("((store|lanes|boot|generation|bound|lane-\\d+)=\\d+\n)+")
            : text.substring(end).equals(crcLine(text.substring(0, end)));
    if (!good) {
      throw damaged(file, "its checksum is not that of what it says");
    }
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    return Optional.of(properties);
  }

  /** A note whose loss costs no more than a stop that was not clean. */
  private Optional<Properties> readIfGood(String name) {
    try {
      return read(name);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String crcLine(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return CRC + Integer.toHexString(Crc.of(bytes, 0, bytes.length)) + '\n';
  }

  private static IOException damaged(Path file, String how) {
    return new IOException(
        file.toAbsolutePath()
            + " is damaged: "
            + how
            + "; move the whole directory away to start as an empty replacement");
  }

  private long number(Properties properties, String file, String name) throws IOException {
    try {
      return Long.parseLong(properties.getProperty(name, ""));
    } catch (NumberFormatException e) {
      throw damaged(path.resolve(file), "it has no number '" + name + "'");
    }
  }

  private void write(String name, Properties properties) throws IOException {
    StringBuilder text = new StringBuilder();
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(
            key -> text.append(key).append('=').append(properties.getProperty(key)).append('\n'));
    text.append(crcLine(text.toString()));
    replace(name, text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }
}

package io.kindred.storage.snapshot;

import io.kindred.storage.Disk;
import io.kindred.storage.Salvage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The snapshots of one node's shards: one a shard, and two while the newer one is born. */
public final class SnapshotDirectory {

  /**
   * What was loaded of a shard.
   *
   * @param snapshot what it was loaded from; empty where there is none that is good
   * @param damages what is wrong with newer ones; with no good one the shard has lost something
   */
  public record Loaded(Optional<Stored> snapshot, List<String> damages) {}

  /** A snapshot that is there. */
  public record Stored(SnapshotHead head, SnapshotFoot foot, long fileBytes) {}

  private final Disk disk;
  // Not deleted: the disk may give back some day what it could not read.
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

  private SnapshotDirectory(Disk disk) {
    this.disk = disk;
  }

  /**
   * Opens it, and deletes what a crash left unfinished. The log is soon cut by what is found here,
   * so its names must be on the disk itself: one that was given last may not be.
   */
  public static SnapshotDirectory open(Disk disk) throws IOException {
    for (String file : disk.list()) {
      if (file.endsWith(".snapshot.new")) {
        disk.delete(file);
      }
    }
    disk.force();
    return new SnapshotDirectory(disk);
  }

  /**
   * Visits all elements of a shard's newest good snapshot. What can be read of a damaged one is
   * visited before; it is as it was written, and merging older elements changes nothing.
   *
   * @param ringId a snapshot of another ring is as good as damaged
   */
  public Loaded load(int shard, long ringId, SnapshotReader.Visitor visitor) throws IOException {
    List<String> damages = new ArrayList<>();
    Salvage salvage = new Salvage(disk);
    for (SnapshotName name : of(shard)) {
      try (SnapshotReader reader = SnapshotReader.open(salvage, name)) {
        if (reader.head().ringId() != ringId) {
          damages.add(disk + "/" + name.file() + " is of another ring");
          continue;
        }
        reader.readAll(visitor);
        return new Loaded(
            Optional.of(new Stored(reader.head(), reader.foot(), reader.fileBytes())), damages);
      } catch (IOException e) {
        damages.add(String.valueOf(e.getMessage()));
        unreadable.addAll(salvage.files());
      }
    }
    return new Loaded(Optional.empty(), damages);
  }

  private List<SnapshotName> of(int shard) throws IOException {
    return disk.list().stream()
        .flatMap(file -> SnapshotName.of(file).stream())
        .filter(name -> name.shard() == shard)
        .sorted(SnapshotName.NEWEST_FIRST)
        .toList();
  }

  /** Begins a new one. */
  public SnapshotWriter begin(SnapshotHead head) throws IOException {
    return SnapshotWriter.create(disk, head);
  }

  /**
   * Deletes a shard's snapshots but the one that starts there; what has a bad sector is kept aside.
   */
  public void deleteOthers(int shard, long start) throws IOException {
    for (SnapshotName name : of(shard)) {
      if (name.start() != start) {
        Salvage.delete(disk, name.file(), unreadable);
      }
    }
  }
}

package io.kindred.storage.actor;

import io.kindred.storage.snapshot.SnapshotBook;
import io.kindred.storage.snapshot.SnapshotDirectory.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tells what there is of snapshots, shard by shard. */
final class SnapshotRows {

  private SnapshotRows() {}

  static SnapshotStatus status(Snapshots.Parts parts, SnapshotBook book, Optional<String> failure) {
    Map<Integer, String> quarantine = parts.quarantine().reasons();
    List<Optional<Stored>> stored = book.stored();
    List<SnapshotStatus.Row> rows = new ArrayList<>();
    long last = 0;
    for (int shard = 0; shard < stored.size(); shard++) {
      Optional<Stored> snapshot = stored.get(shard);
      Optional<String> lost = Optional.ofNullable(quarantine.get(shard));
      if (snapshot.isPresent() || lost.isPresent()) {
        rows.add(row(parts, shard, snapshot, lost));
      }
      last = Math.max(last, snapshot.map(found -> found.head().startedMillis()).orElse(0L));
    }
    return new SnapshotStatus(
        book.inHand().isPresent(),
        book.waiting(),
        TimeUnit.NANOSECONDS.toMicros(book.longestSliceNanos()),
        last,
        failure,
        rows);
  }

  private static SnapshotStatus.Row row(
      Snapshots.Parts parts, int shard, Optional<Stored> snapshot, Optional<String> lost) {
    int lane = shard % parts.logs().size();
    long start = snapshot.map(found -> found.head().start()).orElse(0L);
    return new SnapshotStatus.Row(
        shard,
        lane,
        snapshot.map(Stored::fileBytes).orElse(0L),
        snapshot.map(found -> found.foot().rawBytes()).orElse(0L),
        snapshot.map(found -> found.foot().elements()).orElse(0L),
        snapshot.map(found -> found.head().startedMillis()).orElse(0L),
        start,
        parts.logs().get(lane).end() - start,
        lost);
  }
}

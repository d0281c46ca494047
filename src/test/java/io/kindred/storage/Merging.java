package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.StoredString;
import io.kindred.storage.snapshot.SnapshotReader;
import java.util.List;

/**
 * Merges what is read of logs and snapshots into stores, as a start does.
 *
 * @param stores one a shard
 */
public record Merging(List<ShardStore> stores) implements LogReader.Visitor {

  @Override
  public void entry(int shard, boolean own, Element element) {
    stores.get(shard).merge(element);
  }

  @Override
  public void string(int shard, boolean own, StoredString stored) {
    stores.get(shard).merge(stored);
  }

  /** The same for one shard's snapshot. */
  SnapshotReader.Visitor snapshot(int shard) {
    ShardStore store = stores.get(shard);
    return new SnapshotReader.Visitor() {
      @Override
      public void element(Element element) {
        store.merge(element);
      }

      @Override
      public void string(StoredString stored) {
        store.merge(stored);
      }
    };
  }
}

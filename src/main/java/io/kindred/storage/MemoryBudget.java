package io.kindred.storage;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a node's data takes in memory, told by each lane now and then, and whether it may take more.
 * For any thread.
 */
public final class MemoryBudget {

  private final long maxBytes;
  private final AtomicReferenceArray<StoreMemory> lanes;
  private volatile boolean full;

  /**
   * Nothing taken yet.
   *
   * @param maxBytes the data may take, or 0 for as much as there is
   */
  public MemoryBudget(int lanes, long maxBytes) {
    this.maxBytes = maxBytes;
    this.lanes = new AtomicReferenceArray<>(lanes);
  }

  /** Notes what a lane's shards take. */
  public void tell(int lane, StoreMemory memory) {
    lanes.set(lane, memory);
    full = maxBytes > 0 && used().used() > maxBytes;
  }

  /** What all lanes take, as far as they have told. */
  public StoreMemory used() {
    StoreMemory sum = StoreMemory.NONE;
    for (int lane = 0; lane < lanes.length(); lane++) {
      StoreMemory each = lanes.get(lane);
      sum = each == null ? sum : sum.plus(each);
    }
    return sum;
  }

  public long maxBytes() {
    return maxBytes;
  }

  /** Whether commands that need memory are to be refused. */
  public boolean isFull() {
    return full;
  }
}

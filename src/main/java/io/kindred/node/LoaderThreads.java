package io.kindred.node;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.StoredString;
import io.kindred.storage.ShardStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The threads that merge what is read of a lane's disk into its shards. A shard is always the same
 * thread's, which is all that its store asks for. Fed by the one thread that reads, which waits
 * where they are behind.
 */
final class LoaderThreads implements Closeable {

  /** How much goes to a thread at a time, strings and elements; less where they are large. */
  private static final int BATCH = 512;

  private static final int BATCH_BYTES = 512 << 10;

  /** How many bytes may wait for a thread; a single one may be larger. */
  private static final int WAITING_BYTES = 8 << 20;

  /** What one takes beside its bytes, nearly. */
  private static final int OBJECTS_BYTES = 200;

  /** What goes to a thread at once: each a string with its expiry, or an element. */
  private static final class Gathered {
    private final ShardStore[] targets = new ShardStore[BATCH];
    private final StoredString[] strings = new StoredString[BATCH];
    private final Element[] elements = new Element[BATCH];
    private int count;
    private long bytes;

    /** Whether more had better wait for the next one. */
    boolean add(ShardStore target, StoredString string, Element element, int size) {
      targets[count] = target;
      strings[count] = string;
      elements[count++] = element;
      bytes += OBJECTS_BYTES + size;
      return count == BATCH || bytes >= BATCH_BYTES;
    }

    Key key(int i) {
      return strings[i] == null ? elements[i].key() : strings[i].key();
    }

    void merge(int i) {
      if (strings[i] == null) {
        targets[i].merge(elements[i]);
      } else {
        targets[i].merge(strings[i]);
      }
    }
  }

  private static final class Loading {
    private final List<ShardStore> stores = new ArrayList<>();
    private final Semaphore room = new Semaphore(WAITING_BYTES);
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread own = new Thread(task, "kindred-recovery");
              own.setDaemon(true);
              return own;
            });
    private Gathered next = new Gathered();
    private byte[] lastBytes;

    @SuppressWarnings("UnusedVariable") // written so that the reads are not optimised away
    private long touched;
  }

  private final List<ShardStore> stores;
  private final int lanes;
  private final List<Loading> threads = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * @param stores of all shards
   * @param lane whose shards are loaded
   * @param lanes how many there are: shard n belongs to lane n mod lanes
   * @param count how many threads
   */
  LoaderThreads(List<ShardStore> stores, int lane, int lanes, int count) {
    this.stores = stores;
    this.lanes = lanes;
    for (int i = 0; i < count; i++) {
      threads.add(new Loading());
    }
    for (int shard = lane; shard < stores.size(); shard += lanes) {
      threadOf(shard).stores.add(stores.get(shard));
    }
  }

  private Loading threadOf(int shard) {
    return threads.get(shard / lanes % threads.size());
  }

  /** Does something with a shard on its thread. */
  <T> Future<T> submit(int shard, Callable<T> task) {
    return threadOf(shard).thread.submit(task);
  }

  /** Has an element merged before {@link #finish} returns. */
  void take(int shard, Element element) {
    int value = element.value() == null ? 0 : element.value().length;
    take(shard, null, element, element.part().length + value);
  }

  /** The same of a string and its expiry: with the first of an array all of it waits. */
  @SuppressWarnings("ReferenceEquality") // the very array is held, not one like it
  void take(int shard, StoredString string) {
    Loading to = threadOf(shard);
    int more = string.bytes() == to.lastBytes ? 0 : string.bytes().length;
    to.lastBytes = string.bytes();
    take(shard, string, null, more);
  }

  private void take(int shard, StoredString string, Element element, int bytes) {
    Loading to = threadOf(shard);
    if (to.next.add(stores.get(shard), string, element, bytes)) {
      handOver(to);
    }
  }

  private void handOver(Loading to) {
    Gathered batch = to.next;
    to.next = new Gathered();
    int bytes = (int) Math.min(batch.bytes, WAITING_BYTES);
    to.room.acquireUninterruptibly(bytes);
    to.thread.execute(
        () -> {
          try {
            to.touched = lookAhead(batch);
            for (int i = 0; i < batch.count && failure.get() == null; i++) {
              batch.merge(i);
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            to.room.release(bytes);
          }
        });
  }

  /** Has far memory come together instead of one after the other, as a lane does for commands. */
  private static long lookAhead(Gathered batch) {
    long seen = 0;
    for (int i = 0; i < batch.count; i++) {
      seen += batch.targets[i].touchIndex(batch.key(i));
      seen += batch.targets[i].touchDigests(batch.key(i));
    }
    return seen;
  }

  /**
   * Waits until all that was taken is merged.
   *
   * @throws IOException where merging failed
   */
  void finish() throws IOException {
    threads.forEach(this::handOver);
    onAll(store -> {});
    if (failure.get() != null) {
      throw new IOException("recovered data cannot be merged: " + failure.get(), failure.get());
    }
  }

  /** Does something with all shards of the lane, each on its thread, behind all that was taken. */
  void onAll(Consumer<ShardStore> task) throws IOException {
    List<Future<?>> running = new ArrayList<>();
    for (Loading each : threads) {
      running.add(each.thread.submit(() -> each.stores.forEach(task)));
    }
    for (Future<?> each : running) {
      await(each);
    }
  }

  /** The result of something submitted, its failure as an IOException. */
  static <T> T await(Future<T> running) throws IOException {
    try {
      return running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the recovery was interrupted");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  @Override
  public void close() {
    threads.forEach(each -> each.thread.shutdownNow());
  }
}

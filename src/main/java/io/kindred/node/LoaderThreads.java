package io.kindred.node;

import io.kindred.entry.Element;
import io.kindred.storage.ShardLoader;
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

  /** How many elements go to a thread at a time; fewer where they are large. */
  private static final int BATCH = 512;

  private static final int BATCH_BYTES = 512 << 10;

  /** How many bytes may wait for a thread; a single element may be larger. */
  private static final int WAITING_BYTES = 8 << 20;

  /** What an element takes beside its part and value, nearly. */
  private static final int OBJECTS_BYTES = 200;

  private static final class Loading {
    private final List<ShardLoader> loaders = new ArrayList<>();
    private final Semaphore room = new Semaphore(WAITING_BYTES);
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread own = new Thread(task, "kindred-recovery");
              own.setDaemon(true);
              return own;
            });
    private Element[] elements = new Element[BATCH];
    private ShardLoader[] targets = new ShardLoader[BATCH];
    private int gathered;
    private long bytes;

    @SuppressWarnings("UnusedVariable") // written so that the reads are not optimised away
    private long touched;
  }

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
    this.lanes = lanes;
    for (int i = 0; i < count; i++) {
      threads.add(new Loading());
    }
    for (int shard = lane; shard < stores.size(); shard += lanes) {
      threadOf(shard).loaders.add(new ShardLoader(stores.get(shard)));
    }
  }

  private Loading threadOf(int shard) {
    return threads.get(shard / lanes % threads.size());
  }

  private ShardLoader loader(int shard) {
    return threadOf(shard).loaders.get(shard / lanes / threads.size());
  }

  /** Does something with a shard on its thread. */
  <T> Future<T> submit(int shard, Callable<T> task) {
    return threadOf(shard).thread.submit(task);
  }

  /** Merges an element now. On the shard's thread, so within a task of {@link #submit}. */
  void takeNow(int shard, Element element) {
    loader(shard).take(element);
  }

  /** Ends what {@link #takeNow} gave for the time being; on the same thread. */
  void finishNow(int shard) {
    loader(shard).finish();
  }

  /** Has an element merged before {@link #finish} returns. */
  void take(int shard, Element element) {
    Loading to = threadOf(shard);
    to.targets[to.gathered] = loader(shard);
    to.elements[to.gathered++] = element;
    to.bytes += OBJECTS_BYTES + element.part().length;
    to.bytes += element.value() == null ? 0 : element.value().length;
    if (to.gathered == BATCH || to.bytes >= BATCH_BYTES) {
      handOver(to);
    }
  }

  private void handOver(Loading to) {
    Element[] elements = to.elements;
    ShardLoader[] targets = to.targets;
    int count = to.gathered;
    to.elements = new Element[BATCH];
    to.targets = new ShardLoader[BATCH];
    to.gathered = 0;
    int bytes = (int) Math.min(to.bytes, WAITING_BYTES);
    to.bytes = 0;
    to.room.acquireUninterruptibly(bytes);
    to.thread.execute(
        () -> {
          try {
            lookAhead(to, targets, elements, count);
            for (int i = 0; i < count && failure.get() == null; i++) {
              targets[i].take(elements[i]);
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            to.room.release(bytes);
          }
        });
  }

  /** Has far memory come together instead of one after the other, as a lane does for commands. */
  private static void lookAhead(Loading own, ShardLoader[] targets, Element[] elements, int count) {
    long seen = 0;
    for (int i = 0; i < count; i++) {
      seen += targets[i].store().touchIndex(elements[i].key());
      seen += targets[i].store().touchDigests(elements[i].key());
    }
    own.touched = seen;
  }

  /**
   * Waits until all that was taken is merged.
   *
   * @throws IOException where merging failed
   */
  void finish() throws IOException {
    threads.forEach(this::handOver);
    onAll(ShardLoader::finish);
    if (failure.get() != null) {
      throw new IOException("recovered data cannot be merged: " + failure.get(), failure.get());
    }
  }

  /** What {@link ShardLoader#forgetSweptMarks} does, in all shards. */
  void forgetSweptMarks() throws IOException {
    onAll(ShardLoader::forgetSweptMarks);
  }

  private void onAll(Consumer<ShardLoader> task) throws IOException {
    List<Future<?>> running = new ArrayList<>();
    for (Loading each : threads) {
      running.add(each.thread.submit(() -> each.loaders.forEach(task)));
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

package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a shard's store takes for a string of 64 bytes, with digests and without: the difference is
 * their upkeep. A million keys in random order, so that nothing of a key is in a processor's cache;
 * one at a time, or sixteen at a time that are looked ahead at as a lane does.
 *
 * <p>The two of a pair run at the same time, on two threads, since what a memory access takes on a
 * shared machine changes by half within seconds.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseG1GC", "-XX:+UseTransparentHugePages"})
public class StoreBenchmark {

  private static final int KEYS = 1 << 20;
  private static final int BATCH = 16;
  private static final int NAME_DIGITS = 12;

  /** A store and who asks it. */
  public abstract static class Loaded {

    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] value = new byte[64];
    private final Key[] batch = new Key[BATCH];
    private final boolean digesting;
    private ShardStore store;
    private long time;

    Loaded(boolean digesting) {
      this.digesting = digesting;
    }

    /** Fills the store. */
    @Setup(Level.Trial)
    public void fill() {
      store = new ShardStore(0, 16_383, 7, digesting);
      for (int key = 0; key < KEYS; key++) {
        put(named(key));
      }
    }

    private static Key named(int number) {
      byte[] name = new byte[4 + NAME_DIGITS];
      name[0] = 'k';
      name[1] = 'e';
      name[2] = 'y';
      name[3] = ':';
      int rest = number;
      for (int i = name.length - 1; i >= 4; i--) {
        name[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      return Key.of(name);
    }

    Key next() {
      return named(random.nextInt(KEYS));
    }

    void put(Key key) {
      time++;
      value[(int) (time & 63)]++;
      store.mergeString(key, new Version(time, 5), value, Element.NEVER);
    }

    byte[] get() {
      return store.string(next(), 1);
    }

    long putSixteen() {
      long seen = 0;
      for (int i = 0; i < BATCH; i++) {
        batch[i] = next();
        seen += store.touchIndex(batch[i]);
        seen += digesting ? store.touchDigests(batch[i]) : 0;
      }
      for (Key key : batch) {
        seen += store.touchBlock(key);
      }
      for (Key key : batch) {
        put(key);
      }
      return seen;
    }
  }

  /** One that keeps digests. */
  @State(Scope.Group)
  public static class With extends Loaded {
    public With() {
      super(true);
    }
  }

  /** One that does not. */
  @State(Scope.Group)
  public static class Without extends Loaded {
    public Without() {
      super(false);
    }
  }

  @Benchmark
  @Group("put")
  public void putWith(With store) {
    store.put(store.next());
  }

  @Benchmark
  @Group("put")
  public void putWithout(Without store) {
    store.put(store.next());
  }

  @Benchmark
  @Group("putOfSixteen")
  @OperationsPerInvocation(BATCH)
  public long putSixteenWith(With store) {
    return store.putSixteen();
  }

  @Benchmark
  @Group("putOfSixteen")
  @OperationsPerInvocation(BATCH)
  public long putSixteenWithout(Without store) {
    return store.putSixteen();
  }

  @Benchmark
  @Group("get")
  public byte[] getWith(With store) {
    return store.get();
  }

  @Benchmark
  @Group("get")
  public byte[] getWithout(Without store) {
    return store.get();
  }
}

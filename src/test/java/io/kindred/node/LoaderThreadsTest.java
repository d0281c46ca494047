package io.kindred.node;

import static io.kindred.entry.Elements.key;
import static io.kindred.entry.Elements.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.MalformedElementException;
import io.kindred.entry.StoredString;
import io.kindred.entry.Version;
import io.kindred.storage.ShardStore;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoaderThreadsTest {

  private static final int STRINGS = 64;

  private final ShardStore store = new ShardStore(0, 16_383, 7);
  private final CountDownLatch mayMerge = new CountDownLatch(1);
  private final AtomicInteger taken = new AtomicInteger();

  /** A short string, read out of a batch of a MiB. */
  private static StoredString outOfAMebibyte(int number) {
    ElementWriter writer = new ElementWriter();
    Version version = new Version(100 + number, 1);
    writer.putString(key("k" + number), version, text("v" + number));
    writer.putExpiry(key("k" + number), version, Element.NEVER);
    writer.putString(key("large"), version, new byte[1 << 20]);
    try {
      return new ElementReader(writer.toByteArray()).string(ElementReader.NOTHING);
    } catch (MalformedElementException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoReadsWaitsWhereWhatWaitsHoldsTooMuch() throws Exception {
    try (LoaderThreads loaders = new LoaderThreads(List.of(store), 0, 1, 1)) {
      Future<Boolean> busy = loaders.submit(0, () -> mayMerge.await(50, TimeUnit.SECONDS));
      Thread reading =
          new Thread(
              () -> {
                for (int i = 0; i < STRINGS; i++) {
                  loaders.take(0, outOfAMebibyte(i));
                  taken.incrementAndGet();
                }
              });
      reading.start();
      while (reading.getState() != Thread.State.WAITING) {
        assertThat(taken.get()).isLessThan(STRINGS);
        Thread.onSpinWait();
      }
      assertThat(taken.get()).isBetween(2, 10);
      mayMerge.countDown();
      reading.join();
      loaders.finish();
      assertThat(busy.get()).isTrue();
    }
    assertThat(store.keyCount()).isEqualTo(STRINGS);
    assertThat(store.string(key("k63"), 0)).isEqualTo(text("v63"));
  }

  @Test
  void allOfOneArrayWaitsAtOnce() throws Exception {
    ElementWriter writer = new ElementWriter();
    for (int i = 0; i < 2_000; i++) {
      writer.putString(key("k" + i), new Version(100 + i, 1), text("v" + i));
      writer.putExpiry(key("k" + i), new Version(100 + i, 1), Element.NEVER);
    }
    writer.putString(key("large"), new Version(9_000, 1), new byte[5 << 20]);
    writer.putExpiry(key("large"), new Version(9_000, 1), Element.NEVER);
    ElementReader reader = new ElementReader(writer.toByteArray());
    try (LoaderThreads loaders = new LoaderThreads(List.of(store), 0, 1, 1)) {
      Future<Boolean> busy = loaders.submit(0, () -> mayMerge.await(50, TimeUnit.SECONDS));
      while (reader.hasNext()) {
        // Would wait for ever if each string counted for the whole array.
        loaders.take(0, reader.string(ElementReader.NOTHING));
      }
      mayMerge.countDown();
      loaders.finish();
      assertThat(busy.get()).isTrue();
    }
    assertThat(store.keyCount()).isEqualTo(2_001);
  }
}

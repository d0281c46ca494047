package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import org.junit.jupiter.api.Test;

/** Writes that come with a version, as a second owner may be asked for the same. */
class GivenVersionTest {

  private static final long NOW = 1_000_000;
  private static final Key KEY = Elements.key("k");

  private final Shard shard =
      new Shard(
          0,
          new ShardStore(0, 16_383, 7),
          new MemoryLog(),
          new HybridClock(() -> NOW, time -> time + (1L << 40), 0),
          () -> NOW,
          5);

  private static Version at(long millis) {
    return new Version(HybridClock.ofMillis(millis), 9);
  }

  @Test
  void itIsTheVersionOfTheNextWriteAlone() {
    shard.expectVersion(at(NOW + 5), false);
    assertThat(shard.stamp(KEY, NOW)).isEqualTo(at(NOW + 5));
    shard.expectVersion(null, false);
    assertThat(shard.stamp(KEY, NOW).origin()).isEqualTo(5);
  }

  @Test
  void whatIsOlderThanWhatIsHereIsSentBackAtFirst() {
    shard.write(Element.string(KEY, at(NOW + 9), new byte[] {1}));
    shard.expectVersion(at(NOW + 5), false);
    assertThatThrownBy(() -> shard.stamp(KEY, NOW))
        .isInstanceOf(StaleVersionException.class)
        .extracting(e -> ((StaleVersionException) e).least())
        .isEqualTo(at(NOW + 9).time());
  }

  @Test
  void whatMayHaveBeenDoneElsewhereKeepsItsVersionAndLoses() {
    shard.write(Element.string(KEY, at(NOW + 9), new byte[] {1}));
    shard.expectVersion(at(NOW + 5), true);
    assertThat(shard.stamp(KEY, NOW)).isEqualTo(at(NOW + 5));
    shard.write(Element.string(KEY, at(NOW + 5), new byte[] {2}));
    assertThat(shard.store().string(KEY, NOW)).containsExactly(1);
  }

  @Test
  void whatIsTooOldIsTakenByNobody() {
    long old = NOW - Shard.GIVEN_AGE_MILLIS_MAX;
    for (boolean again : new boolean[] {false, true}) {
      shard.expectVersion(at(old), again);
      assertThatThrownBy(() -> shard.stamp(KEY, NOW)).isInstanceOf(StaleVersionException.class);
      shard.expectVersion(at(old + 1), again);
      assertThat(shard.stamp(KEY, NOW)).isEqualTo(at(old + 1));
    }
  }
}

package io.kindred.membership;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/**
 * NTP's clock filter: of the last samples of one node, the one with the least round trip is
 * believed, since the longer a pulse was on its way the less it tells.
 *
 * <p>A sample that cannot be true together with the one believed means that a clock was set, or
 * that a machine was asleep between two readings. Several in a row are the first, and then all that
 * was known before is forgotten; fewer are the second.
 */
final class ClockFilter {

  // NTP's own number. Fewer, and one slow second shows; more, and a clock that drifts is seen late.
  private static final int SAMPLES = 8;
  // Fewer, and a machine that slept raises an alarm; more, and writes are stamped by a clock that
  // was set wrong for as many seconds longer.
  private static final int STRAYS = 3;

  private final Deque<ClockSample> samples = new ArrayDeque<>();
  private final Deque<ClockSample> strays = new ArrayDeque<>();

  void add(ClockSample sample) {
    if (best().filter(best -> !best.agreesWith(sample)).isPresent()) {
      strays.addFirst(sample);
      if (strays.size() < STRAYS) {
        return;
      }
      samples.clear();
      samples.addAll(strays);
    } else {
      samples.addFirst(sample);
    }
    strays.clear();
    if (samples.size() > SAMPLES) {
      samples.removeLast();
    }
  }

  /** The one that is believed, of equals the newest; empty where there is none yet. */
  Optional<ClockSample> best() {
    return samples.stream().min(Comparator.comparingLong(ClockSample::errorMicros));
  }
}

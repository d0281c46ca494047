package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import java.util.Arrays;
import java.util.List;

/** What a node may have forgotten: it is dead, and all owners know. */
final class Purged {

  private Purged() {}

  /**
   * Whether a node need not keep something that was written: it is at or below the node's step, and
   * either it only removed something or what ended it is known to all as well.
   */
  static boolean excuses(SimulatedNode node, Element written, List<Element> made) {
    Key key = written.key();
    long step = node.shard(key).refusesBelow();
    boolean uncounted =
        made.stream()
            .anyMatch(other -> other.version().time() <= step && isUncounted(written, other));
    if (uncounted || written.version().time() > step) {
      return uncounted;
    }
    boolean removes = written.isTombstone() || written.kind() == Element.Kind.CLEAR;
    // What has no value of its own goes with a key of which nothing lives; it may live again since.
    boolean ofTheKey = written.kind() == Element.Kind.EXPIRY || written.kind() == Element.Kind.TYPE;
    boolean wasGone =
        node.listing(key).stream()
            .allMatch(kept -> kept.version().time() > written.version().time());
    return removes
        || (ofTheKey && wasGone)
        || made.stream().anyMatch(other -> ends(other, written, step));
  }

  private static boolean ends(Element other, Element written, long step) {
    if (other.version().time() > step) {
      return false;
    }
    boolean beaten = other.samePlace(written) && other.beats(written);
    boolean cleared =
        other.kind() == Element.Kind.CLEAR && other.version().time() >= written.version().time();
    boolean expired =
        other.kind() == Element.Kind.EXPIRY
            && other.number() != Element.NEVER
            && HybridClock.lastOfMillis(other.number()) <= step
            && Math.max(HybridClock.lastOfMillis(other.number()), other.version().time())
                >= written.version().time();
    return beaten || cleared || expired || isRetyped(written, other);
  }

  /** What was counted before its place was written or removed, or without knowing of that. */
  private static boolean isUncounted(Element count, Element other) {
    boolean onIt =
        other.kind() == Element.Kind.CLEAR
            || (count.kind() == Element.Kind.COUNT && other.kind() == Element.Kind.STRING)
            || (count.kind() == Element.Kind.SCORE_COUNT
                && other.kind() == Element.Kind.SCORE
                && Arrays.equals(other.part(), count.countedName()));
    return count.kind().isCount()
        && onIt
        && (other.version().time() >= count.version().time()
            || count.base().compareTo(other.version()) < 0);
  }

  private static boolean isRetyped(Element written, Element other) {
    return Types.of(written).isPresent()
        && Types.of(other).isPresent()
        && !Types.of(written).equals(Types.of(other))
        && other.version().compareTo(written.version()) > 0;
  }
}

package io.kindred.command;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.storage.Shard;

/** What every write to a key begins with; the invariants are in the package's story. */
final class Writes {

  private Writes() {}

  /**
   * The version for a write that sets the key's expiry itself, or clears the key. A passed expiry
   * has become a real mark when this returns.
   */
  static Version replacing(Shard shard, Key key, long now) {
    Version version = shard.stamp(key, now);
    long passed = shard.store().passedExpiry(key, now);
    if (passed != 0) {
      shard.write(Element.clearByExpiry(key, passed));
    }
    return version;
  }

  /**
   * The version for a write that leaves the key's expiry as it is. One that another node set while
   * the last member went is ended: it was never set for what is written now. But where nothing says
   * that the key is gone, it may be the key that is late, and not yet here. A late key of which
   * something was removed before looks as if it were gone, and then stays: that loses nothing.
   */
  static Version keepingExpiry(Shard shard, Key key, long now) {
    long expiry = shard.store().pendingExpiry(key, now);
    Version version = replacing(shard, key, now);
    if (expiry == Element.NEVER) {
      return version;
    }
    if (shard.store().isGone(key, now)) {
      shard.write(Element.expiry(key, version, Element.NEVER));
    } else if (version.millis() >= expiry) {
      // A clock that is ahead may stamp beyond the expiry's own moment, and what carries such a
      // version would not die with the rest.
      shard.write(Element.expiry(key, version, expiry));
    }
    return version;
  }

  /** A string in place of whatever the key held, with its expiry. */
  static void string(Shard shard, Key key, long now, byte[] value, long expiresAt) {
    shard.writeString(key, replacing(shard, key, now), value, expiresAt);
  }

  /** A string in place of another, whose expiry stays. */
  static void stringKeepingExpiry(Shard shard, Key key, long now, byte[] value) {
    shard.write(Element.string(key, keepingExpiry(shard, key, now), value));
  }

  /** Everything of the key is gone. */
  static void clear(Shard shard, Key key, long now) {
    shard.write(Element.clear(key, replacing(shard, key, now)));
  }

  /** The expiry alone. */
  static void expiry(Shard shard, Key key, long now, long expiresAt) {
    shard.write(Element.expiry(key, replacing(shard, key, now), expiresAt));
  }
}

package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Key;

/**
 * A place in the order of listings, to go on from: all elements before it were visited, and of
 * those at it and behind it none. It stays good whatever is merged meanwhile, since that order is
 * of places, which elements never change: what is there throughout is visited exactly once. What
 * comes or goes meanwhile is visited or not, as it happens.
 *
 * @param key it lies in the leaf of this key
 * @param kind code of an element's kind; 0 before all that the key has
 * @param part of an element of that kind, or any bytes between two
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ElementCursor(Key key, int kind, byte[] part) {

  private static final byte[] NO_BYTES = {};

  /** Before all that a key has. */
  public static ElementCursor before(Key key) {
    return new ElementCursor(key, 0, NO_BYTES);
  }

  /** At an element. */
  static ElementCursor at(Element element) {
    return new ElementCursor(element.key(), element.kind().code(), element.part());
  }
}

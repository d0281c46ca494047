/**
 * Entry: keys, elements, versions, and the one idea of the house, merge.
 *
 * <p>Everything a client writes becomes {@link io.kindred.entry.Element}s, the smallest things that
 * merge. Each carries a {@link io.kindred.entry.Version}, a hybrid logical time and the origin that
 * issued it. Of two elements in the same place the one that {@linkplain
 * io.kindred.entry.Element#beats beats} the other stays; that order is total and the same
 * everywhere, so merging is commutative, associative and idempotent, and a late or repeated message
 * changes nothing.
 *
 * <p>Between places of one key three more rules hold; {@code storage} applies them:
 *
 * <ul>
 *   <li>an element at or below the time of the key's clear mark is dead (at equal time remove
 *       wins);
 *   <li>a key written as two types at once keeps the newest version of each type it saw; an element
 *       below another type's is dead;
 *   <li>an expiry at T that has passed works as a clear mark of the last hybrid time of T, or of
 *       the expiry's own version where that is higher (an expiry set on a key from the far future
 *       still ends it). The first write after T makes that mark a real one; it is the same element
 *       wherever it is made.
 * </ul>
 *
 * <p>A counter is a base (the string, or the clear mark, or nothing) plus one contribution an
 * origin. A contribution counts only against the base it names. INCR never makes a base, so two
 * racks that start a counter at once add up. A contribution's sequence is the time of its version,
 * which only grows within an origin.
 *
 * <p>Hash fields and sorted-set members are counted in the same way, each by itself: the base is
 * the field or the score that is there, and where there is none, the newest of its removal, of the
 * key's clear mark and of nothing. A contribution to what is not there is <em>founding</em>: it
 * makes the field or member live, so it counts as an add of its type; the others only keep alive
 * what they count against. HSET, ZADD, HDEL and ZREM end the contributions they saw, since they
 * make another base. A score's contributions are added in the order of their origins, or the last
 * digit of a sum of fractions would differ between racks.
 *
 * <p>A list is its items, each at a {@link io.kindred.entry.Position} that its maker chose between
 * the neighbours it saw, and that nobody chooses again. Setting an item writes a new value at the
 * old position; removing it leaves a removed item there. What two racks push at once stands one
 * behind the other, in the order of time and origin; an insert stays behind the item it was put
 * behind. Two racks that pop at once may deliver one item twice: to forbid it they would have to
 * ask each other first.
 *
 * <p>Decided: an insert hangs under its left neighbour only where it must. Where that neighbour
 * itself hangs under an item that the right one does not hang under, the new one is hung beside it.
 * Rejected: always under it, where nothing pushed at once could come between: a row of inserts,
 * each before the same item, would grow with the square of its length.
 *
 * <p>A version from the far future is stored like any other, or replicas would differ, and drags no
 * clock along: who writes to that key goes above it, and the clock stays where it was.
 *
 * <p>Only adds raise a type's newest version, removals do not: an HDEL that crosses a SET must not
 * take the string with it.
 */
package io.kindred.entry;

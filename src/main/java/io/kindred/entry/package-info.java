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
 * <p>Only adds raise a type's newest version, removals do not: an HDEL that crosses a SET must not
 * take the string with it.
 */
package io.kindred.entry;

/**
 * The ring: which node owns each shard in each rack, as of one epoch.
 *
 * <p>Words: a {@link io.kindred.ring.Member} belongs; it may own {@link io.kindred.ring.Seat}s, be
 * the successor in some (a warm-up goes on), or be a spare. A member is <em>lost</em> when the ring
 * says that it is not coming back to its seats by itself: it was declared so, or a namesake with an
 * empty store took its place. It stays the owner until a successor that has proven itself is
 * promoted (other racks serve its shards meanwhile), is fed as before, and has no vote. Then it is
 * <em>former</em>: without seats, but not forgotten, since it may hold writes that nobody else has.
 * It leaves that list by {@code Drained}, when every owner has what it had, or by {@code Forget},
 * an operator's word; either way it is <em>departed</em>, for good.
 *
 * <p>Invariants, checked by {@link io.kindred.ring.Ring}'s constructor: one seat a shard in each
 * rack; owners and successors are members of the rack; the lost are members that own seats and
 * succeed nobody; no two living members share a name; no two nodes a store. That no two living
 * members share an address is seen to where members come in.
 *
 * <p>All changes are in {@link io.kindred.ring.RingChanges}, the first ring in {@link
 * io.kindred.ring.Founding}. A change that the ring already shows is said to stand, and is no
 * error: whoever asks again because the answer was lost gets the same answer.
 *
 * <p>Decided: a lost member has no vote. It is in no majority anyway, and where several are lost
 * the rest can still decide. This is dynamic voting: safe, since each ring is decided by a majority
 * of the one before; its price is that the last few of many must not be lost with their disks.
 *
 * <p>Decided: the departed are listed for ever, some 30 bytes each. Their directories may turn up
 * at any time, and a ring that knew them no more would take them for new nodes, under an origin
 * whose sequences were used. Decided: a forgotten owner keeps its seats by name until somebody is
 * promoted, since a seat without an owner would be one more case everywhere; but it is not fed, and
 * no proof or draining waits for it.
 *
 * <p>A ring that an operator formed without a majority has a {@link io.kindred.ring.Recovery};
 * {@link io.kindred.ring.Lineage} says which of two rings follows on the other, or that neither
 * does.
 *
 * <p>Decided: a node that loses its vote without owning a seat (a spare, or a successor whose claim
 * lapses) is dropped, not kept as former. It never served a client, so it holds nothing of its own,
 * and joins again as if for the first time. Rejected: taking a former node back under its old
 * store. What it holds is to be drained first, and an emptied directory has a new identity.
 */
package io.kindred.ring;

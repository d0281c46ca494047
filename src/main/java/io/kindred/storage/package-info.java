/**
 * Storage: one shard's elements in memory, and the log that makes them last.
 *
 * <p>A {@link io.kindred.storage.Shard} is what its single writer holds: a {@link
 * io.kindred.storage.ShardStore}, the {@link io.kindred.storage.LaneLog} of its lane, and the
 * lane's clock. All that changes a store ends in {@link io.kindred.storage.ShardStore#merge}.
 *
 * <p><b>Merge.</b> What a store holds is a function of the <em>set</em> of elements merged,
 * whatever their order and number: {@code MergeLawsTest} compares it with the same rules said over
 * sets.
 *
 * <ul>
 *   <li>In one place (key, kind, part) the {@linkplain io.kindred.entry.Element#beats stronger}
 *       element stays.
 *   <li>What is at or below the time of the key's clear mark is dropped, and so is what comes later
 *       and is that old.
 *   <li>Each add of a field or member raises the newest version of its type on the key, even where
 *       the add itself is dead on arrival. Fields and members below another type's newest time are
 *       dropped; at one time the type of the higher code stays.
 *   <li>Strings and contributions below a collection's newest are hidden, not dropped; see {@link
 *       io.kindred.storage.KeyView}.
 *   <li>A passed expiry at T hides all up to max(last time of T, the expiry's own) as a clear mark
 *       would; nothing is dropped until someone writes that mark.
 * </ul>
 *
 * <p>Invariant: of what was dropped nothing was newer than what is kept, so the newest time of a
 * key covers everything that was ever merged into it, and a stamp above it beats all of it.
 *
 * <p>Decided: death by another type goes by time and type alone, not by origin. In one place a
 * removal beats an add of its time whatever the origins; were a removal dead by its origin where
 * the add it beats is not, the order of arrival would decide. Death must follow strength.
 *
 * <p>Decided: a string outlives a type clash in hiding. A key is incremented by one who sees its
 * base, while another makes it a hash in between: dropping the base would leave an increment that
 * counts against nothing, above a hash that it made dead, and both writes would be lost. So a
 * string is as new as the newest contribution that names it. The price is memory for a value that
 * only a race can make. A contribution that names a base that another SET or DEL replaced is lost
 * with it.
 *
 * <p>Decided: a key's parts sum up their own digests, so that a clear mark above all of them drops
 * them as one, however many. Rejected: sweeping a cleared key in slices, during which its digest
 * would answer "busy"; only a mark that spares some parts walks, and it walks once.
 *
 * <p><b>Layout.</b> A key is one block of bytes in the shard's {@link
 * io.kindred.storage.memory.Arena}, found through a small index a slot; a string and its expiry are
 * read and written where they lie ({@link io.kindred.storage.KeyBlocks}). Other keys are taken
 * apart into a {@link io.kindred.storage.KeyState}, changed by its rules, and written down again,
 * as long as that takes less than two kilobytes; larger ones stay apart, their parts packed in
 * sorted leaves ({@link io.kindred.storage.memory.SortedRows}), which give ranks and positions too.
 * Digests ({@link io.kindred.storage.Digests}) move with every merge and are never worked out from
 * the data.
 *
 * <p><b>The log</b> ({@link io.kindred.storage.FileLaneLog}) is one a lane: segments of batches,
 * each with a mark, its position and a checksum. What is not the tail of the last segment and
 * cannot be read is damage: reported with its stretch, stepped over by recovery and by readers
 * alike, and never a reason to throw the rest away ({@link io.kindred.storage.Recovery}). A torn
 * tail is cut. Whoever waits for a commit hears exactly once, whatever the disk does. A write that
 * failed is tried again with the same bytes, since memory holds what is in them; a sync that failed
 * is for good, since nobody can tell what it left (Rebello et al., "Can Applications Recover from
 * fsync Failures?", 2020).
 *
 * <p>Decided: readers open the files for themselves. A thread interrupted while it reads closes its
 * channel, and with a shared one the lane could write no more. Rejected: a tail of the last batches
 * in memory for feeds that have caught up; what was just written is in the page cache.
 *
 * <p>Memory must never run ahead of the log: a shard whose log fails refuses a write before it is
 * merged ({@link io.kindred.storage.LogFailedException}).
 */
package io.kindred.storage;

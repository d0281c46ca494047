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
 * would answer "busy"; only a mark that spares some parts walks, and it walks once. An expiry that
 * has passed and spares some is not written down by a reader: what it leaves to be seen is copied,
 * in one such walk, and the copy kept until something changes.
 *
 * <p><b>Layout.</b> A key is one block of bytes in the shard's {@link
 * io.kindred.storage.memory.Arena}, found through a small index a slot ({@link
 * io.kindred.storage.KeyTable}); a string and its expiry are read and written where they lie
 * ({@link io.kindred.storage.KeyBlocks}). Other keys are taken apart into a {@link
 * io.kindred.storage.KeyState}, changed by its rules, and written down again, as long as that takes
 * less than two kilobytes; larger ones stay apart, their parts packed in sorted leaves ({@link
 * io.kindred.storage.memory.SortedRows}), which give ranks and positions too. Digests ({@link
 * io.kindred.storage.Digests}) move with every merge and are never worked out from the data; each
 * lane audits them, a slot or a thousand elements every tenth of a second.
 *
 * <p>A string of a key of 16 bytes and a value of 100 is 131 bytes and takes 136, with 8 to 13 in
 * the index: version, origin and lengths cost 15 bytes, the expiry "never" one form. Tried before:
 * an object a key with its two arrays, in tables of references: 202 bytes, and a get 630 ns. At a
 * million keys and SET in pipelines of 16 the collector then took 24 % of the node's processor
 * time, 17 of it for noting references from old objects to young ones, and takes 4 % now, most of
 * it the compiler's. What is left of a SET is waiting for memory, so a lane reads ahead what a
 * batch's keys lie in ({@code LaneActor}): looking a key up fell from 23 % of a SET to 13 with the
 * reading ahead itself.
 *
 * <p>Measured, bytes an element with names and values of 16 bytes, versions and rounding included,
 * beside redis-server 7.0's, which has no versions: ten a key, fields of hashes 51 (45), members 34
 * (97), scored members 51 (32), list items 68 (36); a hundred thousand a key, 47 (106), 30 (79), 66
 * (127), 51 (18). Digests are 2 KiB beside for each slot that holds something. One store alone, a
 * million strings of 64 bytes in random order, on a machine whose memory is shared ({@code
 * StoreBenchmark}): a put 830 ns and 50 more with digests, one of sixteen that are looked ahead at
 * 700 to 750 ns, a get 640 ns; nearly all of it waits for memory. Under clients' load with 4 GiB of
 * values young collections take 3 to 9 ms, one in some ten seconds.
 *
 * <p>Decided: chunks are arrays of the heap. The collector neither traces nor, once they are old,
 * moves them, and all of Java's fast paths (comparing, copying, hashing ranges) take arrays.
 * Rejected: memory outside of the heap, with a second limit to set and no gain for it: finding a
 * key and copying its value took 220 ns in arrays and 260 outside, medians of eight rounds over a
 * million blocks in random order.
 *
 * <p>Decided: what lies in a set's or a hash's rows is sorted, not hashed. Listings, which digests,
 * snapshots and streams are made of, need no sort; lists and sorted sets get positions and ranks
 * from the same structure. A lookup in a large collection is a binary search and a walk over some
 * twenty rows, where a hash table would be one probe: it is paid where a key has many parts only.
 *
 * <p><b>Listings</b> are read in slices ({@link io.kindred.storage.ElementSlice}), since a leaf of
 * the digests may hold a collection of millions. Where to go on is a place ({@link
 * io.kindred.storage.ElementCursor}), not a state: nothing is kept for a reader that may never come
 * back. Merges go on between the slices. A snapshot bears that, as the log from its start is read
 * on top of it; so does whoever merges what it is sent; the audit, which needs one moment, begins a
 * leaf again. Measured: a slice of a collection of a million takes 0.1 ms. Limit: each slice looks
 * at all keys of a leaf for those that come next, so in a slot of a million keys, which only one
 * hash tag can make, it takes one to two.
 *
 * <p><b>Purge.</b> {@link io.kindred.storage.ExpirySweep} takes out what is dead at or below the
 * shard's <em>step</em> ({@link io.kindred.storage.Shard#knownToAll}): a time up to which all
 * owners have all that was or will be written. With a single owner that is all that its clock has
 * left behind; else {@code replication} finds it. Slots remember the oldest time of what can go, so
 * that nothing else is looked at, and a key of very many parts is done in slices. What makes it
 * sure that all owners end with the same, whatever arrives between their purges ({@code
 * PurgeLawsTest}):
 *
 * <ul>
 *   <li>A key of which nothing lives goes as a whole. Unless its own mark ended it, a <em>late
 *       mark</em> of its newest time is logged as own: the other owners have it before they hear of
 *       what is written to the key next, of which they could not tell otherwise that a removed
 *       key's expiry, say, does not concern it. Late marks are older than what was promised of the
 *       log. They are taken all the same ({@link io.kindred.storage.Shard#mergeFed}), since they
 *       only say what the receiver finds by itself: the key was dead at that time everywhere.
 *   <li>Anything else that a feed brings and that is no newer than what this owner has
 *       <em>adopted</em> is dropped: it came once, and if it is not here any more it has died.
 *   <li>An increment where nothing lives counts against the mark or, where that is newer, the
 *       adopted time, and it counts as long as nothing newer ends its place. So it makes no
 *       difference whether the mark is still there. Without a time in its base, an increment after
 *       the purge could not be told from one that was made beside the delete, in ignorance of it,
 *       and that must stay dead.
 *   <li>A written or removed place drops what was counted on it before. It would never count again,
 *       and whether it was still there would depend on the moment of a purge.
 *   <li>A mark takes with it what it made worthless of what was counted. That is known to all by
 *       then: a step lies so far back that whatever anybody wrote before he had adopted it is
 *       adopted everywhere too, and is not taken again.
 * </ul>
 *
 * <p>A replay brings back what was purged, and the stored step takes it out again. What ended
 * contributions is logged once more when both go, and an expiry's end as the mark that it stands
 * for, or a replay from between them would bring back the one without the other. Of logs from
 * before there were steps {@link io.kindred.storage.SweptMarks} knows the rest.
 *
 * <p>Rejected: taking purged and unpurged copies for equal by leaving what is adopted out of the
 * digests. Each merge would have to know on which side of the step each element is, and each step
 * to walk all of them. Instead a shard tells the step its digests are of, none while it purges, and
 * only equal steps are compared. Limit: what boots that are gone have counted is kept as it is, not
 * folded into one sum; nor does anything spill to disk while a step is long in coming.
 *
 * <p><b>The log</b> ({@link io.kindred.storage.FileLaneLog}) is one a lane: segments of batches,
 * each with a mark, its position, the position up to which the log was synced by then, and a
 * checksum. Whoever waits for a commit hears exactly once, whatever the disk does. A write that
 * failed is tried again with the same bytes, since memory holds what is in them; a sync that failed
 * is for good, since nobody can tell what it left (Rebello et al., "Can Applications Recover from
 * fsync Failures?", 2020). Linux leaves it in memory, marked as if it were on the disk: a start
 * reads it, and no sync brings it there any more. So a start writes again what no batch says was
 * synced, a second or two of log under everysec, before it syncs what it found. One sync is in
 * flight at a time and serves all that was written before it began.
 *
 * <p>What recovery cannot read is one of two things. A <em>torn tail</em> begins where something is
 * missing that no batch behind it says was synced, if there is one behind it at all: power cuts
 * leave such holes, as disks write in any order. Nobody was promised what was in it, nor what came
 * later, so the log is cut there, and what is found is what there was at some moment. Rejected:
 * keeping what lies behind a hole. It would be merged without what it was written upon: a new
 * expiry without the mark of the one that had passed brings back what that had ended. All else is
 * <em>damage</em>: reported with its stretch, stepped over by recovery and by readers alike. Each
 * batch names the shards of the one before it ({@code BatchTrail}), so a single batch is charged to
 * those alone whose entries it held; a longer stretch to every shard of the lane. Whose snapshot
 * starts behind it has lost nothing. Each second it is noted beside the log how far it is synced
 * ({@code SyncedNote}), so that what rots or is missing of the last batches is not taken for a torn
 * tail; only what was synced since the last note could be.
 *
 * <p>Decided: <b>reads go on</b> while a log fails. A command is answered unless one of its keys
 * has something in memory that is not as durable as the policy asks ({@link
 * io.kindred.storage.HeldBack}): the batch that waits to be written again and, under always, what a
 * failed sync left in doubt. Writes are refused before they are merged ({@link
 * io.kindred.storage.LogFailedException}), so that set does not grow, and it is only looked for
 * once a log has failed. Whoever reads such a key would learn of what a crash takes back. Rejected:
 * answering all reads, as Redis does; refusing all of them, as was done here.
 *
 * <p>Decided: under always the next segment's file is filled with zeros and synced beside the lane
 * ({@code SpareSegment}), so that a sync need not write the file's length and extents. Measured,
 * 2,000 syncs each of 200 to 20,000 bytes on ext4 on a virtual disk, two runs: median 280-310 µs
 * growing, 160-190 µs over zeros; 99th percentile 660-4,800 against 320-480 µs. The other policies
 * wait for no sync and would write everything twice. Rejected: zeros ahead of the writer in its own
 * file, which it can overtake; fallocate, which Java has not, and whose extents are marked at the
 * first write all the same.
 *
 * <p>Decided: a batch is written from one kept buffer outside the heap that frame and payload are
 * put into; nothing is allocated for it. The directory is synced with the next sync, not by the
 * lane that begins a new segment.
 *
 * <p>Decided: a batch of 16 KiB and more is packed with LZ4 where its first 4 KiB pack to half
 * ({@code BatchPacker}). With values of a KiB more than half of what a SET costs is the system's,
 * finding pages for the file, and that goes by bytes. Measured, SET of a KiB in pipelines of 16 as
 * a multiple of redis-server, without and with packing: values of one letter 1.1 and 2.0, the
 * system's share 5.2 and 1.3 µs; records of named fields 1.0 and 1.3. Random digits packed to two
 * thirds: that cost 2.5 µs and saved 2, hence the half. Positions and the log's limit in bytes
 * count what is in the file, readers what they unpack.
 *
 * <p>Decided: readers open the files for themselves. A thread interrupted while it reads closes its
 * channel, and with a shared one the lane could write no more. Rejected: a tail of the last batches
 * in memory for feeds that have caught up; what was just written is in the page cache.
 *
 * <p><b>Snapshots</b> ({@link io.kindred.storage.snapshot}) make the log finite. It is cut below
 * the least of the starts of a lane's snapshots, where no feed needs it either; a shard without one
 * keeps all of it. A lane's shards are written again when its log has grown by as much as they take
 * on disk, and by {@code kindred.snapshot.log-bytes} at least: so at most every byte is written
 * three times, and a start never has more log to replay than data to load. Elements are read in
 * slices of 128 KiB at most, with rests of a few milliseconds between them. Measured, clients' p99
 * at half of the peak rate, values of a KiB, one snapshot after the other: 2.5 % above that without
 * one; with slices of 512 KiB and rests that were saved up to 10 ms it was 70 %, as the writer then
 * had a processor for longer than the kernel's scheduler lets a lane wait.
 *
 * <p><b>Recovery</b> reads each shard's newest good snapshot and the log from its start on top,
 * into the one store that will serve: nothing is held twice. A lane's log is read by one thread and
 * merged by others, a shard always by the same; a string and its expiry that stand side by side are
 * read and merged in one step, the value not copied ({@link io.kindred.entry.StoredString}). The
 * log's generation changes after an unclean stop, and after a clean one where a log is not what it
 * was. A log that is gone, or has lost its end, goes on behind the furthest position known, from
 * snapshots or the stop before, so that no position is given out twice.
 *
 * <p>Measured on two processors: ten million records of 16 + 100 bytes, a fifth of them written
 * again behind their snapshots, at 1.1 million a second (1.0 to 1.2), start-up taken off. The
 * machine takes free memory back, so that a huge page touched for the first time costs 5 ms there:
 * a third of all processor time. Without huge pages it is 1.6 million, and SET in pipelines a tenth
 * slower. So the heap grows in small steps, and what is read makes little garbage. Rejected: chunks
 * as large as a collector's region, which is then never copied: each asks for a collection, and the
 * waiting costs half as much again. Promoting at the first collection: a quarter quicker here, but
 * what queues have let go of in the old generation keeps what came behind it, and single SETs lose
 * a tenth.
 *
 * <p><b>Quarantine.</b> A shard that damage may have touched is not served, no source for other
 * nodes, and written to no snapshot, until it is proven against another owner: the comparison that
 * every owner passes before it serves brings what was lost. It takes part in others' comparisons,
 * since two nodes that are damaged in different shards would wait for each other if it did not, but
 * it proves nothing there as long as another owner is missing. Bad sectors are damage like any
 * other ({@link Salvage}). Its log is kept until a new snapshot is past the damage. Where the ring
 * has no other owner the node comes up without it, and says so in its log, in INFO and at {@code
 * GET /kindred/v1/snapshots}. Decided: what was read of such a shard is kept, not emptied. All of
 * it is true, and writes of this node that no peer has yet may be nowhere else: its feed still
 * sends them, but to the others, and would never bring them back here.
 *
 * <p>Memory must never run ahead of the log: a shard whose log fails refuses a write before it is
 * merged.
 */
package io.kindred.storage;

/**
 * Snapshots: files that hold one shard's elements, sorted, so that the log before them can be cut.
 *
 * <p>A snapshot has a <em>start</em>, the end of the lane's log when its writing began, and a
 * <em>log end</em> from when it ended. It is written leaf by leaf while writes go on, and so is
 * fuzzy: a leaf may hold what was written after the start, one read earlier does not. That is right
 * because everything merges: all that was applied before the start is in it, or something newer is
 * that replaced it; all that came later is in the log from the start on, and what is in both
 * changes nothing the second time. So no fork, no copy on write and no pause are needed.
 *
 * <p>Invariant: a snapshot gets its name only once it is synced, and the log is synced up to its
 * log end. Else a power cut could leave elements here that the log has lost: durable on this node,
 * sent by no feed, and unknown to all others.
 *
 * <p>Invariant: what is read is what was written. Each block, the index, head and foot carry a
 * CRC32C; block lengths are checked against the file's before anything is made of that length; the
 * file is refused ({@link io.kindred.storage.snapshot.SnapshotDamagedException}) rather than
 * guessed at. {@code SnapshotTest} cuts it at every byte, flips every bit and feeds it noise.
 *
 * <p>Order and index: elements stand as {@link io.kindred.entry.Element#comparePlace} says, and the
 * index has the first leaf of each block. A leaf's elements are found by reading the one or two
 * blocks of 64 KiB that they lie in; an entry for each of a slot's 256 leaves would make the index
 * of a small shard larger than the shard.
 *
 * <p>Decided: LZ4 (at.yawk.lz4:lz4-java, the fork of the abandoned org.lz4 that is kept up).
 * Measured on blocks of 64 KiB as they come here, a third JSON sessions, a third counters, a third
 * random bytes, one core: LZ4 packs to 1/1.38 at 450 MB/s and unpacks at 3,700 MB/s; zstd-jni 1.5.7
 * level 1 to 1/1.60 at 270 and 770 MB/s, level 3 no smaller; the JDK's Deflater level 1 to 1/1.54
 * at 60 and 230 MB/s. Decoding elements runs at 340 MB/s, so LZ4 costs a recovery nothing and zstd
 * would add a third, for files a seventh smaller. LZ4 also bounds what a block can unpack to, runs
 * without native code where there is none, and is a jar of 0.9 MB instead of 7.6.
 *
 * <p>Rejected: a snapshot of a whole lane or node in one file. A shard is what moves, what is lost
 * and what is repaired.
 */
package io.kindred.storage.snapshot;

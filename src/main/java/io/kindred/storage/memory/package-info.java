/**
 * Memory: what a shard's records lie in. Generic structures that know bytes and references and no
 * element: blocks in large arrays ({@link io.kindred.storage.memory.Arena}), an index from hash to
 * block ({@link io.kindred.storage.memory.KeyIndex}), and packed sorted rows for what is too large
 * for a block ({@link io.kindred.storage.memory.SortedRows}).
 *
 * <p>All are for one thread and allocate as little as they can: what the collector does not see it
 * does not have to trace.
 */
package io.kindred.storage.memory;

package io.kindred.storage;

/**
 * A shard's live digests at three levels: slot, 16 branches a slot, 16 leaves a branch, 8 bytes
 * each. A digest is the sum modulo 2^64 of {@link io.kindred.entry.Element#digest} over the
 * elements kept below it. Never computed from the data, only maintained; 0 for what is empty.
 */
public interface Digests {

  /** A slot's digest. */
  long slot(int slot);

  /** A slot's 16 branches. */
  long[] branches(int slot);

  /** The 16 leaves of one branch (0 to 15) of a slot. */
  long[] leaves(int slot, int branch);

  /** The sum over all slots of the shard. */
  long whole();
}

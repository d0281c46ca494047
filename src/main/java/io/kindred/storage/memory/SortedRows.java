package io.kindred.storage.memory;

import java.util.Arrays;

/**
 * A sorted map from byte strings to byte strings, packed: some twenty rows side by side in one
 * array (a leaf), leaves in order, and counts above them, so that the n-th row that counts is found
 * as quickly as a row by its key. Few objects, no pointers a row, no rebalancing: a full leaf is
 * split, an empty one is dropped.
 *
 * <p>A row is key length and payload length (varints), key, payload. A payload has at least one
 * byte, and a row <em>counts</em> where the lowest bit of that one is set.
 *
 * <p>Works through a cursor: {@link #seek} and its kin put it on a row, accessors read the row
 * there. Any change moves rows, so nothing read before a change may be used behind it. For one
 * thread.
 */
public final class SortedRows {

  /** A leaf of more bytes is split; a row of more has a leaf to itself. */
  private static final int LEAF_BYTES_MAX = 1536;

  private static final int BRANCH_LEAVES_MAX = 256;
  private static final byte[] NO_BYTES = {};

  private static final class Leaf {
    byte[] bytes;
    int length;
    int rows;
    int counted;
  }

  private static final class Branch {
    Leaf[] leaves = new Leaf[1];
    int size;
    long counted;
  }

  private Branch[] branches = new Branch[1];
  private int branchCount;
  private long rows;
  private long counted;
  private long contentBytes;
  private long arrayBytes;
  private int leafCount;

  // The cursor: a place in a leaf, and the row there.
  private int atBranch;
  private int atLeaf;
  private Leaf leaf;
  private int offset;
  private int keyAt;
  private int keyLength;
  private int payloadAt;
  private int payloadLength;

  /** How many rows there are. */
  public long size() {
    return rows;
  }

  /** How many of them count. */
  public long counted() {
    return counted;
  }

  /** Bytes of all rows, without what the leaves keep in reserve. */
  public long contentBytes() {
    return contentBytes;
  }

  /** The array of the row under the cursor. */
  public byte[] bytes() {
    return leaf.bytes;
  }

  public int keyAt() {
    return keyAt;
  }

  public int keyLength() {
    return keyLength;
  }

  public int payloadAt() {
    return payloadAt;
  }

  public int payloadLength() {
    return payloadLength;
  }

  /** A copy of the key under the cursor. */
  public byte[] key() {
    return Arrays.copyOfRange(leaf.bytes, keyAt, keyAt + keyLength);
  }

  /** Whether the row under the cursor counts. */
  public boolean counts() {
    return (leaf.bytes[payloadAt] & 1) != 0;
  }

  /** Puts the cursor on the row with this key, or where it would be; says whether it is there. */
  public boolean seek(byte[] key) {
    return seek(key, 0, key.length);
  }

  /** The same for a key that lies in a larger array. */
  public boolean seek(byte[] key, int from, int length) {
    if (rows == 0) {
      return false;
    }
    int to = from + length;
    int low = 0;
    int high = branchCount - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (compareFirst(branches[middle].leaves[0], key, from, to) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    atBranch = low;
    Branch branch = branches[low];
    low = 0;
    high = branch.size - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (compareFirst(branch.leaves[middle], key, from, to) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    atLeaf = low;
    leaf = branch.leaves[low];
    offset = 0;
    while (offset < leaf.length) {
      parse();
      int order = Arrays.compareUnsigned(leaf.bytes, keyAt, keyAt + keyLength, key, from, to);
      if (order >= 0) {
        return order == 0;
      }
      offset = payloadAt + payloadLength;
    }
    return false;
  }

  private static int compareFirst(Leaf leaf, byte[] key, int from, int to) {
    byte[] bytes = leaf.bytes;
    int length = Bytes.varint(bytes, 0);
    int at = Bytes.varintLength(length);
    at += Bytes.varintLength(Bytes.varint(bytes, at));
    return Arrays.compareUnsigned(bytes, at, at + length, key, from, to);
  }

  /** Puts the cursor on the first row; false where there is none. */
  public boolean first() {
    return rows > 0 && at(0, 0);
  }

  /** Puts the cursor on the last row; false where there is none. */
  public boolean last() {
    if (rows == 0) {
      return false;
    }
    atEndOf(branchCount - 1, branches[branchCount - 1].size - 1);
    return true;
  }

  private boolean at(int branch, int index) {
    atBranch = branch;
    atLeaf = index;
    leaf = branches[branch].leaves[index];
    offset = 0;
    parse();
    return true;
  }

  private void atEndOf(int branch, int index) {
    at(branch, index);
    while (payloadAt + payloadLength < leaf.length) {
      offset = payloadAt + payloadLength;
      parse();
    }
  }

  /** From the row under the cursor to the next one; false at the end. */
  public boolean next() {
    offset = payloadAt + payloadLength;
    return settle();
  }

  /**
   * Where the cursor stands behind a leaf's last row (as after a {@link #seek} that found nothing),
   * moves it to the row that follows; false at the end.
   */
  public boolean settle() {
    if (rows == 0) {
      return false;
    }
    if (offset < leaf.length) {
      parse();
      return true;
    }
    if (atLeaf + 1 < branches[atBranch].size) {
      return at(atBranch, atLeaf + 1);
    }
    return atBranch + 1 < branchCount && at(atBranch + 1, 0);
  }

  /** From the row under the cursor to the one before; false at the beginning. */
  public boolean previous() {
    if (offset > 0) {
      int behind = offset;
      offset = 0;
      parse();
      while (payloadAt + payloadLength < behind) {
        offset = payloadAt + payloadLength;
        parse();
      }
      return true;
    }
    if (atLeaf > 0) {
      atEndOf(atBranch, atLeaf - 1);
      return true;
    }
    if (atBranch > 0) {
      atEndOf(atBranch - 1, branches[atBranch - 1].size - 1);
      return true;
    }
    return false;
  }

  /** Puts the cursor on the n-th row that counts, from 0; false where there are fewer. */
  public boolean seekCounted(long n) {
    if (n < 0 || n >= counted) {
      return false;
    }
    long left = n;
    int branch = 0;
    while (left >= branches[branch].counted) {
      left -= branches[branch++].counted;
    }
    int index = 0;
    while (left >= branches[branch].leaves[index].counted) {
      left -= branches[branch].leaves[index++].counted;
    }
    at(branch, index);
    while (!counts() || left-- > 0) {
      offset = payloadAt + payloadLength;
      parse();
    }
    return true;
  }

  /** How many rows before the cursor's place count. */
  public long countedBefore() {
    if (rows == 0) {
      return 0;
    }
    long sum = 0;
    for (int i = 0; i < atBranch; i++) {
      sum += branches[i].counted;
    }
    for (int i = 0; i < atLeaf; i++) {
      sum += branches[atBranch].leaves[i].counted;
    }
    int place = offset;
    offset = 0;
    while (offset < place) {
      parse();
      sum += counts() ? 1 : 0;
      offset = payloadAt + payloadLength;
    }
    if (offset < leaf.length) {
      parse();
    }
    return sum;
  }

  /** Writes a row: a new one, or another payload for the key that is there. */
  public void put(byte[] key, byte[] payload, int length) {
    if (seek(key)) {
      splice(payloadAt + this.payloadLength - offset, key, payload, length);
    } else {
      splice(0, key, payload, length);
    }
  }

  /** Puts a row where {@code replaced} bytes of another, or nothing, are at the cursor. */
  private void splice(int replaced, byte[] key, byte[] payload, int length) {
    if (rows == 0) {
      plant();
    }
    boolean had = replaced > 0;
    boolean counted = had && counts();
    int size = Bytes.varintLength(key.length) + Bytes.varintLength(length) + key.length + length;
    resize(replaced, size);
    int at = Bytes.putVarint(leaf.bytes, offset, key.length);
    at = Bytes.putVarint(leaf.bytes, at, length);
    System.arraycopy(key, 0, leaf.bytes, at, key.length);
    System.arraycopy(payload, 0, leaf.bytes, at + key.length, length);
    add(had ? 0 : 1, ((payload[0] & 1) != 0 ? 1 : 0) - (counted ? 1 : 0));
    if (leaf.length > LEAF_BYTES_MAX && leaf.rows > 1) {
      split();
    }
  }

  /** Writes a row behind all others; its key must be above theirs. */
  public void append(byte[] key, byte[] payload, int length) {
    int size = Bytes.varintLength(key.length) + Bytes.varintLength(length) + key.length + length;
    toEnd(size);
    int at = Bytes.putVarint(leaf.bytes, offset, key.length);
    at = Bytes.putVarint(leaf.bytes, at, length);
    System.arraycopy(key, 0, leaf.bytes, at, key.length);
    System.arraycopy(payload, 0, leaf.bytes, at + key.length, length);
    add(1, payload[0] & 1);
  }

  /** The same with the row under another's cursor. */
  public void append(SortedRows from) {
    int size = from.payloadAt + from.payloadLength - from.offset;
    toEnd(size);
    System.arraycopy(from.leaf.bytes, from.offset, leaf.bytes, offset, size);
    add(1, from.counts() ? 1 : 0);
  }

  /** Makes room for a row behind all others, in a new leaf where the last one is full. */
  private void toEnd(int size) {
    if (rows == 0) {
      addLeaf();
    } else {
      atBranch = branchCount - 1;
      atLeaf = branches[atBranch].size - 1;
      leaf = branches[atBranch].leaves[atLeaf];
    }
    if (leaf.rows > 0 && leaf.length + size > LEAF_BYTES_MAX) {
      setBytes(Arrays.copyOf(leaf.bytes, leaf.length));
      addLeaf();
      setBytes(new byte[Math.max(size, LEAF_BYTES_MAX)]);
    }
    offset = leaf.length;
    resize(0, size);
  }

  private void setBytes(byte[] bytes) {
    arrayBytes += bytes.length - leaf.bytes.length;
    leaf.bytes = bytes;
  }

  /** An empty leaf behind all others, under the cursor. */
  private void addLeaf() {
    if (rows == 0) {
      plant();
      return;
    }
    leaf = new Leaf();
    leaf.bytes = NO_BYTES;
    leafCount++;
    insertLeaf(branchCount - 1, branches[branchCount - 1].size, leaf);
    atBranch = branchCount - 1;
    atLeaf = branches[atBranch].size - 1;
    offset = 0;
  }

  private void plant() {
    leaf = new Leaf();
    leaf.bytes = NO_BYTES;
    leafCount = 1;
    arrayBytes = 0;
    Branch branch = new Branch();
    branch.leaves[0] = leaf;
    branch.size = 1;
    branches[0] = branch;
    branchCount = 1;
    atBranch = 0;
    atLeaf = 0;
    offset = 0;
  }

  /** Makes room at the cursor, or takes it away. */
  private void resize(int from, int to) {
    int length = leaf.length - from + to;
    int rest = leaf.length - offset - from;
    byte[] old = leaf.bytes;
    if (length > old.length) {
      leaf.bytes = new byte[roomFor(length)];
      arrayBytes += leaf.bytes.length - old.length;
      System.arraycopy(old, 0, leaf.bytes, 0, offset);
    }
    System.arraycopy(old, offset + from, leaf.bytes, offset + to, rest);
    contentBytes += to - from;
    leaf.length = length;
  }

  /** Some room for what comes next; none for a row that is large. */
  private static int roomFor(int length) {
    return length > LEAF_BYTES_MAX ? length : Math.min(length + (length >>> 2) + 16, 2048);
  }

  private void add(int rowsMore, int countedMore) {
    leaf.rows += rowsMore;
    leaf.counted += countedMore;
    branches[atBranch].counted += countedMore;
    rows += rowsMore;
    counted += countedMore;
  }

  private void split() {
    int middle = 0;
    int before = 0;
    int countedBefore = 0;
    offset = 0;
    // Rows that come in order are the rule: leave the left leaf full where the row was the last.
    boolean atEnd = isLastLeaf();
    int target = atEnd ? leaf.length - 1 : leaf.length / 2;
    do {
      parse();
      before++;
      countedBefore += counts() ? 1 : 0;
      middle = payloadAt + payloadLength;
      offset = middle;
    } while (before + 1 < leaf.rows && middle < target);
    Leaf right = new Leaf();
    right.length = leaf.length - middle;
    right.bytes = new byte[roomFor(right.length)];
    System.arraycopy(leaf.bytes, middle, right.bytes, 0, right.length);
    right.rows = leaf.rows - before;
    right.counted = leaf.counted - countedBefore;
    leaf.length = middle;
    leaf.rows = before;
    leaf.counted = countedBefore;
    arrayBytes -= leaf.bytes.length;
    leaf.bytes = Arrays.copyOf(leaf.bytes, atEnd ? middle : roomFor(middle));
    arrayBytes += leaf.bytes.length + right.bytes.length;
    leafCount++;
    insertLeaf(atBranch, atLeaf + 1, right);
  }

  private boolean isLastLeaf() {
    return atBranch == branchCount - 1 && atLeaf == branches[atBranch].size - 1;
  }

  private void insertLeaf(int number, int index, Leaf added) {
    Branch branch = branches[number];
    if (branch.size == branch.leaves.length) {
      branch.leaves = Arrays.copyOf(branch.leaves, branch.size * 2);
    }
    System.arraycopy(branch.leaves, index, branch.leaves, index + 1, branch.size - index);
    branch.leaves[index] = added;
    branch.size++;
    if (branch.size > BRANCH_LEAVES_MAX) {
      splitBranch(number);
    }
  }

  private void splitBranch(int number) {
    Branch left = branches[number];
    int half = number == branchCount - 1 ? left.size - 1 : left.size / 2;
    Branch right = new Branch();
    right.leaves = Arrays.copyOfRange(left.leaves, half, left.size);
    right.size = left.size - half;
    left.leaves = Arrays.copyOf(left.leaves, half);
    left.size = half;
    for (Leaf moved : right.leaves) {
      right.counted += moved.counted;
    }
    left.counted -= right.counted;
    if (branchCount == branches.length) {
      branches = Arrays.copyOf(branches, branchCount * 2);
    }
    System.arraycopy(branches, number + 1, branches, number + 2, branchCount - number - 1);
    branches[number + 1] = right;
    branchCount++;
  }

  /** Takes a key's row out; says whether there was one. */
  public boolean remove(byte[] key) {
    if (!seek(key)) {
      return false;
    }
    add(-1, counts() ? -1 : 0);
    resize(payloadAt + payloadLength - offset, 0);
    if (leaf.rows == 0) {
      dropLeaf(atBranch, atLeaf);
    }
    return true;
  }

  private void dropLeaf(int number, int index) {
    Branch branch = branches[number];
    arrayBytes -= branch.leaves[index].bytes.length;
    leafCount--;
    System.arraycopy(branch.leaves, index + 1, branch.leaves, index, branch.size - index - 1);
    branch.leaves[--branch.size] = null;
    if (branch.size == 0) {
      System.arraycopy(branches, number + 1, branches, number, branchCount - number - 1);
      branches[--branchCount] = null;
    }
  }

  /** Writes all rows, {@link #contentBytes} of them, one behind the other. */
  public void pack(byte[] into, int at) {
    int to = at;
    for (int b = 0; b < branchCount; b++) {
      for (int l = 0; l < branches[b].size; l++) {
        Leaf each = branches[b].leaves[l];
        System.arraycopy(each.bytes, 0, into, to, each.length);
        to += each.length;
      }
    }
  }

  /** Rows that {@link #pack} wrote; the array is not kept. */
  public static SortedRows unpack(byte[] from, int at, int length) {
    SortedRows all = new SortedRows();
    int behind = at + length;
    int to;
    for (int begin = at; begin < behind; begin = to) {
      to = endOfLeaf(from, begin, behind);
      all.addLeaf();
      all.setBytes(Arrays.copyOfRange(from, begin, to));
      all.fillLeaf();
    }
    return all;
  }

  /** Behind the last of the rows that make one leaf. */
  private static int endOfLeaf(byte[] from, int begin, int behind) {
    if (behind - begin <= LEAF_BYTES_MAX) {
      return behind;
    }
    int to = begin;
    while (to < behind) {
      int keyLength = Bytes.varint(from, to);
      int at = to + Bytes.varintLength(keyLength);
      int payloadLength = Bytes.varint(from, at);
      int next = at + Bytes.varintLength(payloadLength) + keyLength + payloadLength;
      if (to > begin && next - begin > LEAF_BYTES_MAX) {
        return to;
      }
      to = next;
    }
    return to;
  }

  /** Takes stock of a leaf that holds nothing but rows. */
  private void fillLeaf() {
    leaf.length = leaf.bytes.length;
    contentBytes += leaf.length;
    while (offset < leaf.length) {
      parse();
      add(1, counts() ? 1 : 0);
      offset = payloadAt + payloadLength;
    }
  }

  /** What Java spends on it in bytes, nearly: the leaves with their reserves, and objects. */
  public long heapBytes() {
    return 160 + arrayBytes + 52L * leafCount;
  }

  private void parse() {
    byte[] bytes = leaf.bytes;
    keyLength = Bytes.varint(bytes, offset);
    int at = offset + Bytes.varintLength(keyLength);
    payloadLength = Bytes.varint(bytes, at);
    keyAt = at + Bytes.varintLength(payloadLength);
    payloadAt = keyAt + keyLength;
  }
}

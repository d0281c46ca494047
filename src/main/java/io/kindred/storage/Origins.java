package io.kindred.storage;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Short numbers for the origins that a shard's versions name: a boot of a node is 8 bytes, and a
 * shard sees few of them. Numbers are the shard's own and never leave it.
 */
final class Origins {

  // Up to here a look at each is quicker than a hash.
  private static final int SEARCHED = 8;

  private long[] origins = new long[4];
  private int count;
  private Map<Long, Integer> numbers = Map.of();

  /** An origin's number, a new one where it has none. */
  int numberOf(long origin) {
    for (int i = 0; i < Math.min(count, SEARCHED); i++) {
      if (origins[i] == origin) {
        return i;
      }
    }
    if (count > SEARCHED) {
      Integer number = numbers.get(origin);
      if (number != null) {
        return number;
      }
    }
    return add(origin);
  }

  private int add(long origin) {
    if (count == origins.length) {
      origins = Arrays.copyOf(origins, count * 2);
    }
    origins[count] = origin;
    if (count >= SEARCHED) {
      if (numbers.isEmpty()) {
        numbers = new HashMap<>();
      }
      numbers.put(origin, count);
    }
    return count++;
  }

  /** The origin of a number. */
  long of(int number) {
    return origins[number];
  }
}

package io.kindred.consensus;

import java.util.Comparator;

/**
 * One attempt of one proposer; ballots are totally ordered, by round and then by name.
 *
 * @param round counts a proposer's attempts and leaps over those of others that it hears of
 * @param proposer a name that no other proposer bears and none ever bore before: see the package
 */
public record Ballot(long round, String proposer) implements Comparable<Ballot> {

  private static final Comparator<Ballot> ORDER =
      Comparator.comparingLong(Ballot::round).thenComparing(Ballot::proposer);

  public Ballot {
    if (round < 1) {
      throw new IllegalArgumentException("rounds count from 1: " + round);
    }
  }

  /** A proposer's first ballot. */
  public static Ballot first(String proposer) {
    return new Ballot(1, proposer);
  }

  /** This proposer's next ballot that is above both this one and {@code other}. */
  public Ballot above(Ballot other) {
    return new Ballot(Math.max(round, other.round) + 1, proposer);
  }

  @Override
  public int compareTo(Ballot other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return round + "/" + proposer;
  }
}

package io.kindred.simulation;

import io.kindred.entry.Key;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A counter, or a member's score, that was only ever incremented shows at rest, at every owner, the
 * sum of all increments that were answered, and of some or none of those whose answer never came.
 */
final class CountersAddUp implements Invariant {

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    if (!Workload.isCounter(key)) {
      return;
    }
    long shown = value(node, key);
    long most = sum(simulation.ledger().of(key), Ledger.Certainty.values());
    if (shown > most) {
      throw new Violation(
          this,
          node.id() + " shows " + key + " " + shown + ", of increments of " + most + " in all");
    }
  }

  @Override
  public void atRest(Simulation simulation) {
    for (Key key : simulation.ledger().keys()) {
      if (Workload.isCounter(key)) {
        simulation.owners(key).forEach(owner -> check(simulation, owner, key));
      }
    }
  }

  private void check(Simulation simulation, SimulatedNode node, Key key) {
    List<Ledger.Issue> increments = simulation.ledger().of(key);
    long least = sum(increments, Ledger.Certainty.ACKNOWLEDGED);
    long most = sum(increments, Ledger.Certainty.values());
    long shown = value(node, key);
    if (shown < least || shown > most) {
      throw new Violation(
          this, "%s shows %s %d, not %d to %d".formatted(node.id(), key, shown, least, most));
    }
  }

  private static long value(SimulatedNode node, Key key) {
    if (Workload.isScoreCounter(key)) {
      double score = node.shard(key).store().score(key, Workload.COUNTED_MEMBER, node.millis());
      return Double.isNaN(score) ? 0 : (long) score;
    }
    byte[] digits = node.shard(key).store().string(key, node.millis());
    return digits == null ? 0 : Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
  }

  private static long sum(List<Ledger.Issue> increments, Ledger.Certainty... counted) {
    List<Ledger.Certainty> wanted = List.of(counted);
    return increments.stream()
        .filter(issue -> wanted.contains(issue.certainty))
        .mapToLong(issue -> issue.increment)
        .sum();
  }
}

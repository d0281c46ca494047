package io.kindred.consensus;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One proposer's way to a chosen value, as a value: prepare, gather promises, put forward the value
 * of the highest ballot that any of them reports (only where none reports one, its own), gather
 * acceptances. Answers to earlier ballots, and repeated ones, change nothing.
 *
 * <p>Where answers fail to come, the same request is sent again, at the same ballot: an acceptor
 * gives the same answer. Decided against a higher ballot at each time-out: where answers take
 * longer than the time-out, the proposer would overtake itself for ever. A ballot is raised only
 * when it was refused.
 *
 * <p>It must be dropped, not revived, when its process restarts: see the package.
 *
 * @param <N> how voters are named
 * @param <V> what is voted on
 */
public final class Proposer<N, V> {

  /** How far an attempt has come. */
  public enum Stage {
    /** Gathers promises. */
    PREPARING,
    /** Gathers acceptances of the value put forward. */
    ACCEPTING,
    /** A quorum accepted. */
    CHOSEN
  }

  /** What the caller must do. */
  public sealed interface Action<V> {

    /** Send this to all voters now. */
    record Ask<V>(Request<V> request) implements Action<V> {}

    /**
     * Another proposer is ahead: send this to all voters after a random pause, or the two keep
     * overtaking each other.
     */
    record AskAfterPause<V>(Request<V> request) implements Action<V> {}

    /** This value is chosen, for ever; not necessarily the proposer's own. */
    record Chosen<V>(V value) implements Action<V> {}
  }

  /** Where the proposer stands after an answer, and what must be done about it. */
  public record Step<N, V>(Proposer<N, V> next, Optional<Action<V>> action) {}

  private final Ballot ballot;
  private final V own;
  private final Predicate<Set<N>> quorum;
  private final Stage stage;
  private final Map<N, Optional<Acceptance<V>>> promises;
  private final Optional<V> value;
  private final Set<N> acceptances;

  private Proposer(
      Ballot ballot,
      V own,
      Predicate<Set<N>> quorum,
      Stage stage,
      Map<N, Optional<Acceptance<V>>> promises,
      Optional<V> value,
      Set<N> acceptances) {
    this.ballot = ballot;
    this.own = own;
    this.quorum = quorum;
    this.stage = stage;
    this.promises = promises;
    this.value = value;
    this.acceptances = acceptances;
  }

  /**
   * A proposer at its first attempt; {@link #request()} is what to send.
   *
   * @param ballot of a name never used before
   * @param own the value it would like to see chosen
   * @param quorum whether these voters suffice; any two sets that do must share one
   */
  public static <N, V> Proposer<N, V> begin(Ballot ballot, V own, Predicate<Set<N>> quorum) {
    return new Proposer<>(
        ballot, own, quorum, Stage.PREPARING, Map.of(), Optional.empty(), Set.of());
  }

  public Ballot ballot() {
    return ballot;
  }

  public Stage stage() {
    return stage;
  }

  /** Who answered the current stage in its favour. */
  public Set<N> inFavour() {
    return stage == Stage.PREPARING ? promises.keySet() : acceptances;
  }

  /** What all voters are asked at this stage; may be sent again at will. */
  public Request<V> request() {
    return stage == Stage.PREPARING
        ? new Request.Prepare<>(ballot)
        : new Request.Accept<>(ballot, value.orElseThrow());
  }

  /** Judges a voter's answer. */
  public Step<N, V> on(N voter, Answer<V> answer) {
    if (!answer.ballot().equals(ballot) || stage == Stage.CHOSEN) {
      return stay();
    }
    if (answer instanceof Answer.Refused<V> refused) {
      Proposer<N, V> raised = begin(ballot.above(refused.promised()), own, quorum);
      return new Step<>(raised, Optional.of(new Action.AskAfterPause<>(raised.request())));
    }
    if (answer instanceof Answer.Promised<V> promised) {
      return stage == Stage.PREPARING ? onPromise(voter, promised.accepted()) : stay();
    }
    return stage == Stage.ACCEPTING ? onAcceptance(voter) : stay();
  }

  private Step<N, V> onPromise(N voter, Optional<Acceptance<V>> accepted) {
    Map<N, Optional<Acceptance<V>>> gathered = new HashMap<>(promises);
    gathered.put(voter, accepted);
    if (!quorum.test(gathered.keySet())) {
      return new Step<>(
          new Proposer<>(ballot, own, quorum, stage, Map.copyOf(gathered), value, acceptances),
          Optional.empty());
    }
    Optional<V> forward =
        gathered.values().stream()
            .flatMap(Optional::stream)
            .max(Comparator.comparing(Acceptance::ballot))
            .map(Acceptance::value)
            .or(() -> Optional.of(own));
    Proposer<N, V> next =
        new Proposer<>(
            ballot, own, quorum, Stage.ACCEPTING, Map.copyOf(gathered), forward, Set.of());
    return new Step<>(next, Optional.of(new Action.Ask<>(next.request())));
  }

  private Step<N, V> onAcceptance(N voter) {
    Set<N> gathered = new HashSet<>(acceptances);
    gathered.add(voter);
    boolean chosen = quorum.test(gathered);
    Proposer<N, V> next =
        new Proposer<>(
            ballot,
            own,
            quorum,
            chosen ? Stage.CHOSEN : stage,
            promises,
            value,
            Set.copyOf(gathered));
    return new Step<>(
        next, chosen ? Optional.of(new Action.Chosen<>(value.orElseThrow())) : Optional.empty());
  }

  private Step<N, V> stay() {
    return new Step<>(this, Optional.empty());
  }
}

package io.kindred.consensus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One proposer's attempt to change a register, after CASPaxos (Rystsov, 2018): a majority promises
 * to accept nothing lower and tells what it has; a change is worked out on the newest of that; a
 * majority accepts what came of it. Each attempt has a ballot of its own.
 *
 * <p>Unlike single-decree consensus a register is changed again and again, so what a proposer puts
 * forward is the outcome of its own command on the newest state, and not somebody else's value. A
 * command whose outcome may have been accepted somewhere must not simply be tried again: it might
 * count twice. So an attempt that fails says whether that can be.
 *
 * <p>For one thread.
 *
 * @param <N> how the owners of the register are named
 * @param <S> what an owner has of it
 */
public final class RegisterRound<N, S> {

  /** What to do after an answer. */
  public enum Verdict {
    /** Nothing yet. */
    WAIT,
    /** A majority has promised: {@link #states} are what it has. */
    PROMISED,
    /** A majority has accepted: the command has run. */
    CHOSEN,
    /** Somebody else is ahead, and nobody has accepted or will: try again with a higher ballot. */
    OVERTAKEN,
    /** No majority answers, and nobody has accepted anything. */
    LACKING,
    /** Somebody has accepted, or may have, and a majority has not: nobody can tell what will be. */
    UNKNOWN
  }

  private enum Stage {
    PREPARING,
    ACCEPTING,
    ENDED
  }

  private final Set<N> owners;
  private final int majority;
  private final Map<N, S> promised = new HashMap<>();
  private final Set<N> accepted = new HashSet<>();
  private final Set<N> refused = new HashSet<>();
  private final Set<N> silent = new HashSet<>();
  private boolean anyOpen;
  private Stage stage = Stage.PREPARING;

  /**
   * @param owners who is asked
   * @param majority how many must agree, of all owners that there are
   */
  public RegisterRound(Collection<N> owners, int majority) {
    this.owners = Set.copyOf(owners);
    this.majority = majority;
  }

  /**
   * An owner has promised, and has this.
   *
   * @param open whether it had promised somebody else to replace this, and had not seen it done
   */
  public Verdict onPromised(N owner, S state, boolean open) {
    if (stage != Stage.PREPARING || isHeard(owner)) {
      return Verdict.WAIT;
    }
    promised.put(owner, state);
    anyOpen |= open;
    return promised.size() == majority ? Verdict.PROMISED : judge();
  }

  /** The states of those that have promised. */
  public List<S> states() {
    return new ArrayList<>(promised.values());
  }

  /**
   * Whether all that have promised have the same, and none of them waited for something to replace
   * it: then it is what was chosen last, and a command that changes nothing need not be accepted.
   *
   * <p>The same alone is not enough. What one owner alone has accepted may be carried to a second
   * by another way than this, behind that one's promise to a later round; and what the later round
   * was to replace, which a third has accepted, would come back as if it had been chosen first.
   */
  public boolean isSettled() {
    return !anyOpen && new HashSet<>(promised.values()).size() == 1;
  }

  /** Whether this round has come to an end, so that nothing more may be put forward in it. */
  public boolean isEnded() {
    return stage == Stage.ENDED;
  }

  /** From now on answers are about what was put forward. */
  public void accepting() {
    if (stage != Stage.PREPARING || promised.size() < majority) {
      throw new IllegalStateException("no majority has promised");
    }
    stage = Stage.ACCEPTING;
    refused.clear();
    silent.clear();
  }

  /** An owner has accepted. */
  public Verdict onAccepted(N owner) {
    if (stage != Stage.ACCEPTING || isHeard(owner)) {
      return Verdict.WAIT;
    }
    accepted.add(owner);
    if (accepted.size() >= majority) {
      stage = Stage.ENDED;
      return Verdict.CHOSEN;
    }
    return judge();
  }

  /** An owner has promised something higher, or has something newer. */
  public Verdict onRefused(N owner) {
    if (stage == Stage.ENDED || isHeard(owner)) {
      return Verdict.WAIT;
    }
    refused.add(owner);
    return judge();
  }

  /** An owner gives no answer, whatever it has done. */
  public Verdict onSilent(N owner) {
    if (stage == Stage.ENDED || isHeard(owner)) {
      return Verdict.WAIT;
    }
    silent.add(owner);
    return judge();
  }

  private boolean isHeard(N owner) {
    boolean heard = refused.contains(owner) || silent.contains(owner);
    return heard
        || (stage == Stage.PREPARING ? promised.containsKey(owner) : accepted.contains(owner));
  }

  /** The time for answers is over. */
  public Verdict onDeadline() {
    if (stage == Stage.ENDED) {
      return Verdict.WAIT;
    }
    Stage was = stage;
    stage = Stage.ENDED;
    return was == Stage.PREPARING ? Verdict.LACKING : Verdict.UNKNOWN;
  }

  private Verdict judge() {
    int inFavour = stage == Stage.PREPARING ? promised.size() : accepted.size();
    int open = owners.size() - inFavour - refused.size() - silent.size();
    if (inFavour >= majority || inFavour + open >= majority) {
      return Verdict.WAIT;
    }
    boolean preparing = stage == Stage.PREPARING;
    if (!preparing && accepted.isEmpty() && silent.isEmpty() && open > 0) {
      // Only when all have refused is it sure that nobody has accepted.
      return Verdict.WAIT;
    }
    stage = Stage.ENDED;
    if (preparing) {
      return refused.isEmpty() ? Verdict.LACKING : Verdict.OVERTAKEN;
    }
    return accepted.isEmpty() && silent.isEmpty() ? Verdict.OVERTAKEN : Verdict.UNKNOWN;
  }
}

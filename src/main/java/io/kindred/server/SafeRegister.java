package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.Call;
import io.kindred.command.Commands;
import io.kindred.command.Consistency;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.command.SafeQueries;
import io.kindred.consensus.RegisterRound;
import io.kindred.consensus.RegisterRound.Verdict;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.ring.NodeId;
import io.kindred.storage.Trial;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands on single string keys in one order, whoever asks for them: {@link RegisterRound} is
 * the proposer's rule, {@link io.kindred.storage.Promises} the owners'.
 *
 * <p>All nodes send a shard's commands to the same owner as long as they see the same masters, and
 * it runs one command a key at a time: so proposers hardly ever meet. Nothing depends on it.
 *
 * <p>A read asks a majority what it has; where all have the same, and nobody is about to replace
 * it, that is the answer, after one round trip. All else takes two. So does a read that finds an
 * expiry to have passed: by another's clock it may not have, so that it is written down.
 *
 * <p>A command's time begins when it arrives: one that has waited it out behind others is not
 * begun.
 */
final class SafeRegister {

  private static final Logger LOG = LoggerFactory.getLogger(SafeRegister.class);

  /** Between two attempts, so that two proposers do not overtake each other for ever. */
  private static final int PAUSE_MILLIS_MAX = 16;

  private final Router router;
  private final long withinMillis;
  private final Map<Key, Queue<Run>> waiting = new HashMap<>();
  private final Trial trial = new Trial();
  private final Tickets tickets;

  /**
   * @param tickets gives ballots
   * @param within how long a command may take
   */
  SafeRegister(Router router, Tickets tickets, Duration within) {
    this.router = router;
    this.tickets = tickets;
    this.withinMillis = within.toMillis();
  }

  /** Runs a command, behind those on the same key that run already. From any thread. */
  void run(Call call) {
    Key key = Key.of(call.args()[1]);
    Run run = new Run(key, call);
    CompletableFuture.delayedExecutor(withinMillis, TimeUnit.MILLISECONDS)
        .execute(() -> run.guarded(run::onDeadline));
    synchronized (waiting) {
      Queue<Run> others = waiting.get(key);
      if (others != null) {
        others.add(run);
        return;
      }
      waiting.put(key, new ArrayDeque<>());
    }
    begin(run);
  }

  private void begin(Run first) {
    Run next = first;
    while (next != null && !next.takesTurn()) {
      next = nextOf(next.key);
    }
    if (next != null) {
      next.guarded(next::begin);
    }
  }

  private Run nextOf(Key key) {
    synchronized (waiting) {
      Run next = waiting.get(key).poll();
      if (next == null) {
        waiting.remove(key);
      }
      return next;
    }
  }

  private Trial.Outcome<Reply> attempt(Key key, List<Element> state, Version ballot, Call call) {
    synchronized (trial) {
      return trial.run(key, state, ballot, shard -> call.command().run(shard, call.args()));
    }
  }

  private static long newest(List<Element> state) {
    return state.stream().mapToLong(element -> element.version().time()).max().orElse(0);
  }

  /** One command, from its first attempt to its answer. */
  private final class Run {
    private final Key key;
    private final Call call;
    private final boolean isWrite;

    // Guarded by this.
    private List<Routes.Stop> stops = List.of();
    private int majority;
    private int attempts;
    private long least;
    private RegisterRound<NodeId, List<Element>> round;
    private boolean accepting;
    private Version ballot;
    private Reply reply;
    private boolean hasTurn;
    private boolean over;

    // Of a read's first question.
    private final List<List<Element>> peeked = new ArrayList<>();
    private int unhelpful;

    Run(Key key, Call call) {
      this.key = key;
      this.call = call;
      this.isWrite = Commands.isWrite(call.args()[0]);
    }

    /** Whether it is still wanted; from then on it ends its key's turn when it is over. */
    synchronized boolean takesTurn() {
      hasTurn = !over;
      return hasTurn;
    }

    void begin() {
      Routes routes = router.routes();
      synchronized (this) {
        stops = routes.stops(call.shard());
        majority = routes.view().ring().orElseThrow().racks().size() / 2 + 1;
      }
      if (stops.size() < majority) {
        answer(
            new Reply.Failure(
                "NOQUORUM it takes "
                    + majority
                    + " racks, and "
                    + stops.size()
                    + " serve "
                    + routes.notServed(call.shard())
                    + "; nothing was written"));
      } else if (isWrite) {
        prepare();
      } else {
        peek();
      }
    }

    private void peek() {
      int others = majority;
      for (Routes.Stop stop : stops.subList(0, others)) {
        ask(stop, SafeQueries.args(SafeQueries.PEEK, key), this::onPeeked);
      }
    }

    private void onPeeked(NodeId owner, Optional<SafeQueries.Answer> answer) {
      boolean goOn;
      synchronized (this) {
        if (answer.isPresent()
            && answer.get() instanceof SafeQueries.Answer.Kept kept
            && !kept.isOpen()) {
          peeked.add(kept.elements());
        } else {
          unhelpful++;
        }
        if (peeked.size() + unhelpful < majority) {
          return;
        }
        goOn = unhelpful > 0 || !peeked.stream().allMatch(peeked.get(0)::equals);
      }
      if (failed(answer)) {
        return;
      }
      if (goOn) {
        prepare();
        return;
      }
      Trial.Outcome<Reply> outcome =
          attempt(key, peeked.get(0), tickets.above(newest(peeked.get(0))), call);
      if (outcome == null) {
        answer(Failures.WRONG_TYPE);
      } else if (outcome.changed()) {
        prepare();
      } else {
        answer(outcome.answer());
      }
    }

    private void prepare() {
      List<Routes.Stop> asked;
      Version next;
      synchronized (this) {
        next = tickets.above(least);
        if (over) {
          return;
        }
        attempts++;
        asked = stops;
        ballot = next;
        accepting = false;
        round =
            new RegisterRound<>(asked.stream().map(stop -> stop.member().id()).toList(), majority);
      }
      RegisterRound<NodeId, List<Element>> now = round;
      for (Routes.Stop stop : asked) {
        ask(
            stop,
            SafeQueries.args(SafeQueries.PREPARE, key, next),
            (owner, answer) -> onPrepared(now, owner, answer));
      }
    }

    private void onPrepared(
        RegisterRound<NodeId, List<Element>> of,
        NodeId owner,
        Optional<SafeQueries.Answer> answer) {
      Verdict verdict;
      synchronized (this) {
        if (of != round || over || accepting) {
          // A late answer says nothing of what was put forward since.
          return;
        }
        if (isFailure(answer)) {
          verdict = Verdict.WAIT;
        } else if (answer.isPresent() && answer.get() instanceof SafeQueries.Answer.Kept kept) {
          verdict = settled(of.onPromised(owner, kept.elements(), kept.isOpen()));
        } else {
          verdict = refusedOrSilent(owner, answer);
        }
      }
      if (!failed(answer)) {
        follow(verdict);
      }
    }

    /** Holding this. */
    private Verdict refusedOrSilent(NodeId owner, Optional<SafeQueries.Answer> answer) {
      if (answer.isPresent() && answer.get() instanceof SafeQueries.Answer.Refused refused) {
        least = Math.max(least, refused.least().time());
        return settled(round.onRefused(owner));
      }
      return settled(round.onSilent(owner));
    }

    /**
     * Holding this: what ends the command is noted where it is found, so that nothing else, like a
     * deadline a moment later, can be said of it.
     */
    private Verdict settled(Verdict verdict) {
      over |= verdict == Verdict.CHOSEN || verdict == Verdict.LACKING || verdict == Verdict.UNKNOWN;
      return verdict;
    }

    /** Whether an owner has said that the command cannot be: then it is over. */
    private boolean failed(Optional<SafeQueries.Answer> answer) {
      if (isFailure(answer)) {
        answer(((SafeQueries.Answer.Failed) answer.get()).failure());
        return true;
      }
      return false;
    }

    private static boolean isFailure(Optional<SafeQueries.Answer> answer) {
      return answer.isPresent()
          && answer.get() instanceof SafeQueries.Answer.Failed failed
          && (failed.failure().equals(Failures.WRONG_TYPE)
              || failed.failure().equals(Failures.REMAINS_TOO_MANY));
    }

    private void follow(Verdict verdict) {
      switch (verdict) {
        case WAIT -> {}
        case PROMISED -> propose();
        case CHOSEN -> {
          try {
            commit();
          } finally {
            end(reply);
          }
        }
        case OVERTAKEN -> tryAgain();
        case LACKING ->
            end(
                new Reply.Failure(
                    "NOQUORUM fewer than " + majority + " racks answer; nothing was written"));
        case UNKNOWN ->
            end(
                new Reply.Failure(
                    "NOQUORUM fewer than "
                        + majority
                        + " racks have accepted the command; it may have been applied, or may be"
                        + " later"));
      }
    }

    private List<Element> proposed = List.of();

    private void propose() {
      List<Element> state = new ArrayList<>();
      boolean settled;
      RegisterRound<NodeId, List<Element>> now;
      synchronized (this) {
        if (over) {
          return;
        }
        now = round;
        now.states().forEach(state::addAll);
        settled = now.isSettled();
      }
      if (newest(state) >= ballot.time()) {
        synchronized (this) {
          least = Math.max(least, newest(state));
        }
        tryAgain();
        return;
      }
      Trial.Outcome<Reply> outcome = attempt(key, state, ballot, call);
      if (outcome == null) {
        answer(Failures.WRONG_TYPE);
        return;
      }
      if (!outcome.changed() && settled) {
        // A majority has what was seen, and has promised that nothing older will replace it.
        answer(outcome.answer());
        return;
      }
      synchronized (this) {
        if (over || now.isEnded()) {
          // The time was over while the command was tried.
          return;
        }
        accepting = true;
        reply = outcome.answer();
        proposed = outcome.state();
        now.accepting();
      }
      for (Routes.Stop stop : stops) {
        ask(
            stop,
            SafeQueries.args(SafeQueries.ACCEPT, key, ballot, proposed),
            (owner, answer) -> onAccepted(now, owner, answer));
      }
    }

    private void onAccepted(
        RegisterRound<NodeId, List<Element>> of,
        NodeId owner,
        Optional<SafeQueries.Answer> answer) {
      Verdict verdict;
      synchronized (this) {
        if (of != round || over) {
          return;
        }
        if (answer.isPresent() && answer.get() instanceof SafeQueries.Answer.Accepted) {
          verdict = settled(of.onAccepted(owner));
        } else {
          verdict = refusedOrSilent(owner, answer);
        }
      }
      follow(verdict);
    }

    /** This node's own log sends it on to whoever was not in the majority. */
    private void commit() {
      stops.stream()
          .filter(Routes.Stop::isSelf)
          .forEach(
              self ->
                  ask(
                      self,
                      SafeQueries.args(SafeQueries.COMMIT, key, ballot, proposed),
                      (owner, answer) -> {}));
    }

    private void tryAgain() {
      int most = Math.min(PAUSE_MILLIS_MAX, 1 << Math.min(attempts, 4));
      Executor later =
          CompletableFuture.delayedExecutor(
              ThreadLocalRandom.current().nextLong(most) + 1, TimeUnit.MILLISECONDS);
      later.execute(() -> guarded(this::prepare));
    }

    private void onDeadline() {
      Verdict verdict;
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
        if (!hasTurn) {
          verdict = Verdict.WAIT;
        } else {
          verdict = round == null ? Verdict.LACKING : round.onDeadline();
        }
      }
      if (!hasTurn) {
        end(
            new Reply.Failure(
                "NOQUORUM the commands on this key before this one took all of its "
                    + withinMillis
                    + " ms; nothing was written"));
      } else {
        // Between two attempts nobody has accepted anything.
        follow(verdict == Verdict.WAIT ? Verdict.LACKING : verdict);
      }
    }

    private void ask(
        Routes.Stop stop, byte[][] args, BiConsumer<NodeId, Optional<SafeQueries.Answer>> then) {
      NodeId owner = stop.member().id();
      Request request =
          new Request(
              router,
              Commands.inShard(args[0]).orElseThrow(),
              args,
              call.shard(),
              key,
              false,
              Consistency.DC_ONE,
              new Request.Answered() {
                @Override
                public void onReply(Reply given) {
                  guarded(() -> then.accept(owner, Optional.of(SafeQueries.Answer.of(given))));
                }

                @Override
                public boolean onUnserved() {
                  guarded(() -> then.accept(owner, Optional.empty()));
                  return true;
                }
              });
      router.askAt(request, stop);
    }

    private void answer(Reply given) {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      end(given);
    }

    /** By whoever has set that it is over. */
    private void end(Reply given) {
      boolean had;
      synchronized (this) {
        had = hasTurn;
      }
      try {
        call.answer(given);
      } finally {
        Run next = had ? nextOf(key) : null;
        if (next != null) {
          // On a stack of its own: each of many may be over at once.
          ForkJoinPool.commonPool().execute(() -> SafeRegister.this.begin(next));
        }
      }
    }

    /**
     * A step may fail on whatever thread it runs; the command must have its answer all the same.
     */
    void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.error("{} at a safe level failed", Arguments.text(call.args()[0]), e);
        answer(broken(e));
      }
    }

    private synchronized Reply broken(RuntimeException e) {
      String known =
          accepting ? "; it may have been applied, or may be later" : "; nothing was written";
      return new Reply.Failure(
          e instanceof UncheckedIOException disk
              ? "MISCONF no ballot can be issued: "
                  + disk.getMessage()
                  + ": "
                  + disk.getCause().getMessage()
                  + known
              : "ERR internal error in '"
                  + Arguments.text(call.args()[0])
                  + "': see the node's log"
                  + known);
    }
  }

  /** Why a command cannot run at a safe level; null where it can. */
  static Reply refusal(io.kindred.command.CommandSpec spec, byte[][] args) {
    boolean isOfKey = spec.group().equals("string") || spec.group().equals("generic");
    boolean isOne =
        spec.action() instanceof io.kindred.command.CommandSpec.Action.OnShard
            || args.length == 1 + spec.step();
    return isOfKey && isOne
        ? null
        : new Reply.Failure(
            "ERR '"
                + Arguments.text(args[0])
                + "' cannot run at dc_safe_quorum: only commands on one string key can; KINDRED AT"
                + " dc_quorum runs it");
  }
}

package io.kindred.reconcile.actor;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.NodeProtocol;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Asks nodes, each with a deadline, and waits for all of them: who answers is heard, who does not
 * is named with the reason. An answer never fails as a whole.
 */
final class Questions {

  /**
   * What came of asking several nodes.
   *
   * @param given the answers in time
   * @param silent the others, and why
   */
  record Answers<A>(SortedMap<NodeId, A> given, SortedMap<NodeId, String> silent) {
    Answers {
      given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
      silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    }
  }

  private record Heard<A>(NodeId node, A answer, String silence) {}

  private final ActorSystem<?> system;
  private final Ring ring;
  private final Function<Member, ActorRef<NodeProtocol.Command>> nodes;

  Questions(
      ActorSystem<?> system, Ring ring, Function<Member, ActorRef<NodeProtocol.Command>> nodes) {
    this.system = system;
    this.ring = ring;
    this.nodes = nodes;
  }

  /** Asks one node; fails with a {@link TimeoutException} past the deadline. */
  <A> CompletionStage<A> ask(
      NodeId node, Duration within, Function<ActorRef<A>, NodeProtocol.Command> question) {
    Member member = ring.known(node).orElseThrow();
    return AskPattern.ask(nodes.apply(member), question::apply, within, system.scheduler());
  }

  /** Asks all of these nodes at once. */
  <A> CompletionStage<Answers<A>> askAll(
      Collection<NodeId> asked,
      Duration within,
      BiFunction<NodeId, ActorRef<A>, NodeProtocol.Command> question) {
    CompletionStage<Answers<A>> all =
        CompletableFuture.completedFuture(new Answers<>(new TreeMap<>(), new TreeMap<>()));
    for (NodeId node : asked) {
      CompletionStage<Heard<A>> one =
          this.<A>ask(node, within, replyTo -> question.apply(node, replyTo))
              .handle((answer, failure) -> heard(node, answer, failure, within));
      all = all.thenCombine(one, Questions::with);
    }
    return all;
  }

  private static <A> Heard<A> heard(NodeId node, A answer, Throwable failure, Duration within) {
    return new Heard<>(node, answer, failure == null ? "" : reason(failure, within));
  }

  private static <A> Answers<A> with(Answers<A> answers, Heard<A> heard) {
    SortedMap<NodeId, A> given = new TreeMap<>(answers.given());
    SortedMap<NodeId, String> silent = new TreeMap<>(answers.silent());
    if (heard.silence().isEmpty()) {
      given.put(heard.node(), heard.answer());
    } else {
      silent.put(heard.node(), heard.silence());
    }
    return new Answers<>(given, silent);
  }

  /** Why a node is left out, in words for the report. */
  static String reason(Throwable failure, Duration within) {
    Throwable cause = unwrapped(failure);
    return cause instanceof TimeoutException
        ? "no answer within " + within.toMillis() + " ms"
        : String.valueOf(cause.getMessage());
  }

  /** What a completion stage failed with. */
  static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}

package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.Call;
import io.kindred.command.Consistency;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.LaneActor;
import io.kindred.storage.actor.LocalShards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * WAIT: until so many other racks have what a client wrote. Asked are all that serve anything,
 * since any of them may have taken its writes, whoever is the first to be asked today; each counts
 * the racks that have all of its log, and the least counts. One that is silent has 0.
 */
final class RackWaits {

  /** How one node asks another; no client can name it. */
  static final byte[] QUESTION = "|wait".getBytes(StandardCharsets.US_ASCII);

  /** Shorter than what a question to another node may take. */
  private static final long STEP_MILLIS = 500;

  private static final long PAUSE_MILLIS = 20;

  private static final Executor AGAIN =
      CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);

  private final Router router;

  RackWaits(Router router) {
    this.router = router;
  }

  /** {@code WAIT numreplicas timeout}. */
  void await(byte[][] args, Request.Answered answered) {
    OptionalLong wanted = Arguments.integer(args[1]);
    OptionalLong timeout = Arguments.integer(args[2]);
    if (wanted.isEmpty() || timeout.isEmpty()) {
      answered.onReply(
          timeout.isEmpty() && wanted.isPresent()
              ? new Reply.Failure("ERR timeout is not an integer or out of range")
              : Failures.NOT_AN_INTEGER);
    } else if (timeout.getAsLong() < 0) {
      answered.onReply(new Reply.Failure("ERR timeout is negative"));
    } else {
      int racks = (int) Math.max(0, Math.min(Integer.MAX_VALUE, wanted.getAsLong()));
      long until =
          timeout.getAsLong() == 0
              ? Long.MAX_VALUE
              : TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) + timeout.getAsLong();
      step(racks, until, answered);
    }
  }

  private void step(int wanted, long until, Request.Answered answered) {
    Map<NodeId, Routes.Stop> writers = new LinkedHashMap<>();
    Map<NodeId, Integer> shards = new LinkedHashMap<>();
    Routes routes = router.routes();
    for (int shard = 0; shard < routes.shardCount(); shard++) {
      for (Routes.Stop stop : routes.stops(shard)) {
        writers.putIfAbsent(stop.member().id(), stop);
        shards.putIfAbsent(stop.member().id(), shard);
      }
    }
    if (writers.isEmpty()) {
      // Nobody serves anything, so nobody has anything.
      answered.onReply(Reply.ZERO);
      return;
    }
    long left = until - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    long millis = Math.max(0, Math.min(STEP_MILLIS, left));
    gather(
        writers.size(),
        least -> {
          if (least >= wanted || left <= STEP_MILLIS) {
            answered.onReply(Reply.of(least));
          } else {
            // Not at once, as one that is out of reach says 0 at once.
            AGAIN.execute(() -> step(wanted, until, answered));
          }
        },
        each ->
            writers.forEach(
                (id, stop) -> {
                  if (stop.isSelf()) {
                    ask(router.local(), wanted, millis, each);
                  } else {
                    router.askAt(question(shards.get(id), wanted, millis, each), stop);
                  }
                }));
  }

  /** Waits for so many numbers and passes the least on; 0 where there is none to wait for. */
  private static void gather(
      int count, IntConsumer then, java.util.function.Consumer<IntConsumer> ask) {
    AtomicInteger missing = new AtomicInteger(count);
    AtomicInteger least = new AtomicInteger(count == 0 ? 0 : Integer.MAX_VALUE);
    ask.accept(
        racks -> {
          least.accumulateAndGet(racks, Math::min);
          if (missing.decrementAndGet() == 0) {
            then.accept(least.get());
          }
        });
    if (count == 0) {
      then.accept(0);
    }
  }

  private Request question(int shard, int wanted, long millis, IntConsumer answer) {
    byte[][] args = {
      QUESTION,
      Integer.toString(wanted).getBytes(StandardCharsets.US_ASCII),
      Long.toString(millis).getBytes(StandardCharsets.US_ASCII)
    };
    return new Request(
        router,
        null,
        args,
        shard,
        null,
        false,
        Consistency.DC_ONE,
        new Request.Answered() {
          @Override
          public void onReply(Reply reply) {
            answer.accept(reply instanceof Reply.Int racks ? (int) racks.value() : 0);
          }

          @Override
          public boolean onUnserved() {
            answer.accept(0);
            return true;
          }
        });
  }

  /** Answers what another node asks. */
  static void answer(LocalShards shards, Call call) {
    int wanted = Math.toIntExact(Arguments.integer(call.args()[1]).orElseThrow());
    long millis = Arguments.integer(call.args()[2]).orElseThrow();
    ask(shards, wanted, millis, racks -> call.answer(Reply.of(racks)));
  }

  private static void ask(LocalShards shards, int wanted, long millis, IntConsumer answer) {
    gather(
        shards.lanes().size(),
        answer,
        each ->
            shards
                .lanes()
                .forEach(
                    lane ->
                        lane.tell(
                            new LaneActor.AwaitRacks(wanted, Duration.ofMillis(millis), each))));
  }
}

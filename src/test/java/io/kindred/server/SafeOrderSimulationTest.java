package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Commands;
import io.kindred.command.Reply;
import io.kindred.command.SafeQueries;
import io.kindred.command.ShardCommand;
import io.kindred.consensus.RegisterRound;
import io.kindred.consensus.RegisterRound.Verdict;
import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import io.kindred.linearizability.Checker;
import io.kindred.linearizability.History;
import io.kindred.linearizability.StringKey;
import io.kindred.linearizability.StringKey.Input;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.ElementSlice;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import io.kindred.storage.Trial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * One key, three owners, three proposers, on one thread: questions and answers come in any order,
 * late or never, and in between the owners' states are carried from one to another, as the feeds
 * and the reconciliation do. What the clients see must have an order. A seed gives the same run
 * again.
 */
class SafeOrderSimulationTest {

  /** What is left out, to show that it is needed. */
  private enum Sabotage {
    NONE,
    /** Owners accept whatever comes. */
    NO_PROMISES,
    /** What a majority has is taken for settled, whoever is about to replace it. */
    SAME_IS_ENOUGH
  }

  private static final int SEEDS = 20_000;

  @Test
  void whatClientsSeeHasAnOrder() {
    assertThat(firstWithoutOrder(Sabotage.NONE, SEEDS)).as("seed").isEmpty();
  }

  @Test
  void withoutPromisesThereIsNone() {
    assertThat(firstWithoutOrder(Sabotage.NO_PROMISES, SEEDS)).isPresent();
  }

  @Test
  void counterExampleWhatIsCarriedBehindAPromiseIsNotSettled() {
    assertThat(firstWithoutOrder(Sabotage.SAME_IS_ENOUGH, 2 * SEEDS)).isPresent();
  }

  private static OptionalLong firstWithoutOrder(Sabotage sabotage, int seeds) {
    return LongStream.range(0, seeds)
        .filter(seed -> !Checker.isLinearizable(new StringKey(), new World(seed, sabotage).run()))
        .findFirst();
  }

  private static final class World {
    private static final int OWNERS = 3;
    private static final int MAJORITY = 2;
    private static final int CLIENTS = 3;
    private static final int COMMANDS = 5;
    private static final int ATTEMPTS_MAX = 4;

    private final Key key = Key.of("k".getBytes(StandardCharsets.US_ASCII));
    private final Random die;
    private final Sabotage sabotage;
    private final List<Shard> owners = new ArrayList<>();
    private final List<HybridClock> ballots = new ArrayList<>();
    private final List<Runnable> events = new ArrayList<>();
    private final History history = new History();
    private final Trial trial = new Trial();
    private long now = 1_700_000_000_000L;

    World(long seed, Sabotage sabotage) {
      this.die = new Random(seed);
      this.sabotage = sabotage;
      for (int i = 0; i < OWNERS; i++) {
        long skew = die.nextInt(20);
        ShardStore store = new ShardStore(0, Slot.COUNT - 1, 0);
        HybridClock clock = new HybridClock(() -> now, time -> Long.MAX_VALUE, 0);
        owners.add(new Shard(0, store, new ForgetfulLog(), clock, () -> now, 100 + i));
        ballots.add(new HybridClock(() -> now + skew, time -> Long.MAX_VALUE, 0));
      }
    }

    List<History.Operation> run() {
      for (int client = 0; client < CLIENTS; client++) {
        next(client, COMMANDS);
      }
      while (!events.isEmpty()) {
        now += die.nextInt(2);
        if (die.nextInt(8) == 0) {
          carry(owners.get(die.nextInt(OWNERS)), owners.get(die.nextInt(OWNERS)));
        }
        events.remove(die.nextInt(events.size())).run();
      }
      return history.operations();
    }

    private void next(int client, int left) {
      if (left > 0) {
        events.add(() -> new Command(client, left, input()).begin());
      }
    }

    private void carry(Shard from, Shard to) {
      List<Element> all = new ArrayList<>();
      ElementCursor cursor = ElementCursor.before(key);
      while (cursor != null) {
        cursor = from.store().readKey(cursor, ElementSlice.of(all::add));
      }
      all.forEach(to::merge);
    }

    private Input input() {
      String some = String.valueOf(die.nextInt(3));
      return switch (die.nextInt(7)) {
        case 0 -> new Input.Set(some);
        case 1 -> new Input.SetIfAbsent(some);
        case 2 -> new Input.GetDelete();
        case 3, 4 -> new Input.Increment();
        default -> new Input.Get();
      };
    }

    private byte[][] args(Input input) {
      if (input instanceof Input.Set set) {
        return words("SET", "k", set.value());
      }
      if (input instanceof Input.SetIfAbsent set) {
        return words("SET", "k", set.value(), "NX");
      }
      if (input instanceof Input.GetDelete) {
        return words("GETDEL", "k");
      }
      return input instanceof Input.Increment ? words("INCR", "k") : words("GET", "k");
    }

    private static byte[][] words(String... words) {
      byte[][] args = new byte[words.length][];
      for (int i = 0; i < words.length; i++) {
        args[i] = words[i].getBytes(StandardCharsets.US_ASCII);
      }
      return args;
    }

    private static String text(Reply reply) {
      if (reply instanceof Reply.Bulk bulk) {
        return new String(bulk.bytes(), StandardCharsets.US_ASCII);
      }
      if (reply instanceof Reply.Int number) {
        return String.valueOf(number.value());
      }
      return reply.equals(Reply.OK) ? "OK" : StringKey.ABSENT;
    }

    /** What a proposer does, as {@link SafeRegister} does it with threads and nodes. */
    private final class Command {
      private final int client;
      private final int left;
      private final Input input;
      private final byte[][] args;
      private final long called = history.call();
      private final List<List<Element>> peeked = new ArrayList<>();
      private int unhelpful;
      private int attempts;
      private long least;
      private RegisterRound<Integer, List<Element>> round;
      private Version ballot;
      private boolean accepting;
      private Reply reply;

      Command(int client, int left, Input input) {
        this.client = client;
        this.left = left;
        this.input = input;
        this.args = args(input);
      }

      void begin() {
        if (!(input instanceof Input.Get)) {
          prepare();
          return;
        }
        int first = die.nextInt(OWNERS);
        for (int i = 0; i < MAJORITY; i++) {
          ask((first + i) % OWNERS, SafeQueries.args(SafeQueries.PEEK, key), this::onPeeked);
        }
      }

      private void onPeeked(SafeQueries.Answer answer) {
        if (answer instanceof SafeQueries.Answer.Kept kept
            && (!kept.isOpen() || sabotage == Sabotage.SAME_IS_ENOUGH)) {
          peeked.add(kept.elements());
        } else {
          unhelpful++;
        }
        if (peeked.size() + unhelpful < MAJORITY) {
          return;
        }
        if (unhelpful > 0 || !peeked.get(0).equals(peeked.get(1))) {
          prepare();
        } else {
          Version moment = new Version(ballots.get(client).nextAbove(newest(peeked.get(0))), 0);
          answered(attempt(peeked.get(0), moment).answer());
        }
      }

      private void prepare() {
        if (++attempts > ATTEMPTS_MAX) {
          // Refused each time: nobody has accepted anything.
          next(client, left - 1);
          return;
        }
        ballot = new Version(ballots.get(client).nextAbove(least), client + 1);
        RegisterRound<Integer, List<Element>> now = new RegisterRound<>(List.of(0, 1, 2), MAJORITY);
        round = now;
        accepting = false;
        for (int i = 0; i < OWNERS; i++) {
          int owner = i;
          ask(
              owner,
              SafeQueries.args(SafeQueries.PREPARE, key, ballot),
              answer -> {
                if (now != round || accepting) {
                  return;
                }
                follow(
                    answer instanceof SafeQueries.Answer.Kept kept
                        ? now.onPromised(owner, kept.elements(), kept.isOpen())
                        : refusedOrSilent(owner, answer));
              });
        }
      }

      private Verdict refusedOrSilent(int owner, SafeQueries.Answer answer) {
        if (answer instanceof SafeQueries.Answer.Refused refused) {
          least = Math.max(least, refused.least().time());
          return round.onRefused(owner);
        }
        return round.onSilent(owner);
      }

      private void follow(Verdict verdict) {
        switch (verdict) {
          case WAIT -> {}
          case PROMISED -> propose();
          case CHOSEN -> answered(reply);
          case OVERTAKEN -> events.add(this::prepare);
          case LACKING -> next(client, left - 1);
          case UNKNOWN -> {
            history.unknown(client, called, input);
            next(client, left - 1);
          }
        }
      }

      private void propose() {
        RegisterRound<Integer, List<Element>> now = round;
        List<Element> state = new ArrayList<>();
        now.states().forEach(state::addAll);
        if (newest(state) >= ballot.time()) {
          least = Math.max(least, newest(state));
          events.add(this::prepare);
          return;
        }
        Trial.Outcome<Reply> outcome = attempt(state, ballot);
        boolean settled =
            sabotage == Sabotage.SAME_IS_ENOUGH
                ? new HashSet<>(now.states()).size() == 1
                : now.isSettled();
        if (!outcome.changed() && settled) {
          answered(outcome.answer());
          return;
        }
        reply = outcome.answer();
        now.accepting();
        accepting = true;
        for (int i = 0; i < OWNERS; i++) {
          int owner = i;
          ask(
              owner,
              SafeQueries.args(SafeQueries.ACCEPT, key, ballot, outcome.state()),
              answer -> {
                if (now == round) {
                  follow(
                      answer instanceof SafeQueries.Answer.Accepted
                          ? now.onAccepted(owner)
                          : refusedOrSilent(owner, answer));
                }
              });
        }
      }

      private void answered(Reply given) {
        history.returned(client, called, input, text(given));
        next(client, left - 1);
      }

      private Trial.Outcome<Reply> attempt(List<Element> state, Version at) {
        ShardCommand command = Commands.inShard(args[0]).orElseThrow();
        return trial.run(key, state, at, shard -> command.run(shard, args));
      }

      /** Gets there and back at any time, or one of both is lost; or all is, but for the work. */
      private void ask(int owner, byte[][] question, Consumer<SafeQueries.Answer> then) {
        boolean isHeard = die.nextInt(5) > 0;
        boolean isDone = isHeard || die.nextBoolean();
        if (isDone) {
          events.add(
              () -> {
                SafeQueries.Answer answer = SafeQueries.Answer.of(does(owner, question));
                if (isHeard) {
                  events.add(() -> then.accept(answer));
                }
              });
        }
        if (!isHeard) {
          events.add(() -> then.accept(null));
        }
      }

      private Reply does(int owner, byte[][] question) {
        Shard shard = owners.get(owner);
        String name = new String(question[0], StandardCharsets.US_ASCII);
        if (sabotage == Sabotage.NO_PROMISES && name.equals(SafeQueries.ACCEPT)) {
          byte[][] unconditional = question.clone();
          unconditional[0] = SafeQueries.COMMIT.getBytes(StandardCharsets.US_ASCII);
          return Commands.inShard(unconditional[0]).orElseThrow().run(shard, unconditional);
        }
        return Commands.inShard(question[0]).orElseThrow().run(shard, question);
      }
    }

    private static long newest(List<Element> state) {
      return state.stream().mapToLong(element -> element.version().time()).max().orElse(0);
    }
  }
}

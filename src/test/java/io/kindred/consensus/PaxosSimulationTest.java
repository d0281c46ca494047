package io.kindred.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Several proposers and acceptors over a network that loses, repeats, delays and reorders, with
 * acceptors that crash and come back with what was on their disk, and proposers that crash and come
 * back with nothing. All from a seed.
 */
class PaxosSimulationTest {

  /** What the disk of an acceptor is worth. */
  private enum Disk {
    SYNCED_BEFORE_ANSWER,
    FORGOTTEN_ON_CRASH
  }

  /** How a restarted proposer is called. */
  private enum Naming {
    NEVER_REPEATED,
    REPEATED
  }

  private sealed interface Message {}

  private record ToAcceptor(int acceptor, int proposer, Request<String> request)
      implements Message {}

  private record ToProposer(int proposer, int acceptor, Answer<String> answer) implements Message {}

  private record AfterPause(int proposer, Request<String> request) implements Message {}

  private static final class World {
    final Random random;
    final Disk disk;
    final Naming naming;
    final List<Acceptor<String>> memory = new ArrayList<>();
    final List<Proposer<Integer, String>> proposers = new ArrayList<>();
    final List<Message> network = new ArrayList<>();
    final Set<String> chosen = new HashSet<>();
    int boots;

    World(long seed, Disk disk, Naming naming) {
      this.random = new Random(seed);
      this.disk = disk;
      this.naming = naming;
      int acceptors = random.nextBoolean() ? 3 : 5;
      for (int i = 0; i < acceptors; i++) {
        memory.add(Acceptor.blank());
      }
      for (int i = 0; i < 2 + random.nextInt(2); i++) {
        proposers.add(null);
        boot(i);
      }
    }

    void boot(int proposer) {
      boots++;
      String name = naming == Naming.REPEATED ? "p" + proposer : "p" + proposer + "/" + boots;
      proposers.set(
          proposer,
          Proposer.begin(
              Ballot.first(name), "value " + boots, some -> some.size() > memory.size() / 2));
      askAll(proposer, proposers.get(proposer).request());
    }

    void askAll(int proposer, Request<String> request) {
      for (int acceptor = 0; acceptor < memory.size(); acceptor++) {
        network.add(new ToAcceptor(acceptor, proposer, request));
      }
    }

    void stormyStep() {
      int dice = random.nextInt(100);
      if (dice < 3) {
        int crashed = random.nextInt(memory.size());
        if (disk == Disk.FORGOTTEN_ON_CRASH) {
          memory.set(crashed, Acceptor.blank());
        }
      } else if (dice < 5) {
        boot(random.nextInt(proposers.size()));
      } else if (dice < 9) {
        retry(random.nextInt(proposers.size()));
      } else if (!network.isEmpty()) {
        int index = random.nextInt(network.size());
        Message message = network.get(index);
        boolean repeated = random.nextInt(10) == 0;
        if (!repeated) {
          network.set(index, network.get(network.size() - 1));
          network.remove(network.size() - 1);
        }
        if (random.nextInt(10) > 0) {
          deliver(message, random.nextInt(10) > 0);
        }
      }
    }

    void retry(int proposer) {
      if (proposers.get(proposer).stage() != Proposer.Stage.CHOSEN) {
        askAll(proposer, proposers.get(proposer).request());
      }
    }

    /** Without {@code answered} the acceptor crashed between the sync and the answer. */
    void deliver(Message message, boolean answered) {
      if (message instanceof ToAcceptor to) {
        Acceptor.Step<String> step = memory.get(to.acceptor()).on(to.request());
        memory.set(to.acceptor(), step.next());
        if (answered) {
          network.add(new ToProposer(to.proposer(), to.acceptor(), step.answer()));
        }
      } else if (message instanceof ToProposer to) {
        Proposer.Step<Integer, String> step =
            proposers.get(to.proposer()).on(to.acceptor(), to.answer());
        proposers.set(to.proposer(), step.next());
        step.action().ifPresent(action -> carryOut(to.proposer(), action));
      } else if (message instanceof AfterPause after) {
        askAll(after.proposer(), after.request());
      }
    }

    void carryOut(int proposer, Proposer.Action<String> action) {
      if (action instanceof Proposer.Action.Chosen<String> done) {
        chosen.add(done.value());
      } else if (action instanceof Proposer.Action.Ask<String> ask) {
        askAll(proposer, ask.request());
      } else if (action instanceof Proposer.Action.AskAfterPause<String> ask) {
        network.add(new AfterPause(proposer, ask.request()));
      }
    }

    /** No more faults; the proposers take turns. */
    void quiet() {
      for (int proposer = 0; proposer < proposers.size(); proposer++) {
        for (int attempt = 0; attempt < 100 && !isDone(proposer); attempt++) {
          retry(proposer);
          while (!network.isEmpty()) {
            deliver(network.remove(0), true);
          }
        }
      }
    }

    boolean isDone(int proposer) {
      return proposers.get(proposer).stage() == Proposer.Stage.CHOSEN;
    }
  }

  private static World storm(long seed, Disk disk, Naming naming) {
    World world = new World(seed, disk, naming);
    for (int step = 0; step < 300; step++) {
      world.stormyStep();
    }
    return world;
  }

  @Test
  void atMostOneValueIsEverChosenAndOneIsOnceQuiet() {
    int chosenInTheStorm = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      World world = storm(seed, Disk.SYNCED_BEFORE_ANSWER, Naming.NEVER_REPEATED);
      chosenInTheStorm += world.chosen.size();
      assertThat(world.chosen).as("seed %d", seed).hasSizeLessThanOrEqualTo(1);
      world.quiet();
      assertThat(world.chosen).as("seed %d", seed).hasSize(1);
      for (int proposer = 0; proposer < world.proposers.size(); proposer++) {
        assertThat(world.isDone(proposer)).as("seed %d", seed).isTrue();
      }
    }
    assertThat(chosenInTheStorm).as("the storm lets something through").isGreaterThan(400);
  }

  @Test
  void anAcceptorThatForgetsIsFoundOut() {
    assertThat(findsTwoChosen(Disk.FORGOTTEN_ON_CRASH, Naming.NEVER_REPEATED)).isTrue();
  }

  @Test
  void aRepeatedBallotIsFoundOut() {
    assertThat(findsTwoChosen(Disk.SYNCED_BEFORE_ANSWER, Naming.REPEATED)).isTrue();
  }

  private static boolean findsTwoChosen(Disk disk, Naming naming) {
    for (long seed = 0; seed < 4_000; seed++) {
      World world = storm(seed, disk, naming);
      world.quiet();
      if (world.chosen.size() > 1) {
        return true;
      }
    }
    return false;
  }
}

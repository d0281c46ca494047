package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.consensus.Acceptor;
import io.kindred.consensus.Answer;
import io.kindred.consensus.Ballot;
import io.kindred.consensus.Proposer;
import io.kindred.consensus.Request;
import io.kindred.ring.Founding;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import io.kindred.ring.Rings;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The ring as a register: many keepers propose at once, from old rings too, to voters that change
 * from epoch to epoch, over a network that loses, repeats, delays and reorders. Each epoch is
 * decided once, the first one included, whoever believes to be a founder: of founding sets that
 * share a node one wins, of those that share none both may.
 */
class RingRegisterSimulationTest {

  private static final Founding FOUNDING =
      new Founding("dc", List.of("a", "b", "c"), 1, new Shards(2));

  /** Six nodes for three founders' places: two of each rack. */
  private static final List<Member> NODES =
      List.of(
          Rings.member("a1", 1),
          Rings.member("a2", 2),
          Rings.member("b1", 3),
          Rings.member("b2", 4),
          Rings.member("c1", 5),
          Rings.member("c2", 6));

  /** How many elections go on at once; an older one's proposer has died. */
  private static final int PROPOSERS = 3;

  private sealed interface Message {}

  private record Ask(NodeId to, long election, Optional<Ring> base, Request<Ring> request)
      implements Message {}

  private record Vote(long election, NodeId from, Answer<Ring> answer) implements Message {}

  private static final class World {
    final Random random;
    final Map<NodeId, Voter> voters = new TreeMap<>();
    final Map<Long, Election> elections = new HashMap<>();
    final List<Message> network = new ArrayList<>();

    /** All rings ever chosen. */
    final Set<Ring> chosen = new HashSet<>();

    long electionsBegun;

    World(long seed) {
      this.random = new Random(seed);
      NODES.forEach(
          node ->
              voters.put(node.id(), new Voter(node.id(), Optional.empty(), 0, Acceptor.blank())));
    }

    void step() {
      int dice = random.nextInt(100);
      if (dice < 2) {
        begin(NODES.get(random.nextInt(NODES.size())));
      } else if (dice < 3 && electionsBegun > 0) {
        ask(1 + random.nextLong(electionsBegun));
      } else if (!network.isEmpty()) {
        int index = random.nextInt(network.size());
        Message message = network.get(index);
        if (random.nextInt(10) > 0) {
          network.set(index, network.get(network.size() - 1));
          network.remove(network.size() - 1);
        }
        if (random.nextInt(12) > 0) {
          deliver(message);
        }
      }
    }

    /** A keeper proposes on top of what its own node knows, however old that is. */
    void begin(Member proposer) {
      Optional<Ring> base = voters.get(proposer.id()).ring();
      Optional<Ring> target = base.isPresent() ? changed(base.get()) : Optional.of(anyFounders());
      if (target.isPresent()) {
        electionsBegun++;
        Ballot first = Ballot.first("election " + electionsBegun);
        elections.remove(electionsBegun - PROPOSERS);
        elections.put(electionsBegun, Election.begin(base, target.get(), first));
        ask(electionsBegun);
      }
    }

    /** One of eight founding sets: some share nodes, some share none. */
    private Ring anyFounders() {
      List<Member> seen = new ArrayList<>();
      for (int rack = 0; rack < 3; rack++) {
        seen.add(NODES.get(2 * rack + random.nextInt(2)));
      }
      return ((Founding.Ready) FOUNDING.with(seen, electionsBegun + 1)).ring();
    }

    private Optional<Ring> changed(Ring ring) {
      Member any = NODES.get(random.nextInt(NODES.size()));
      Member moved =
          new Member(any.id(), any.rack(), any.host(), random.nextInt(65536), 1, any.arteryPort());
      RingChange change =
          random.nextInt(4) > 0
              ? new RingChange.Join(moved, false)
              : new RingChange.DeclareLost(any.id());
      return RingChanges.apply(ring, change) instanceof RingChanges.Next next
          ? Optional.of(next.ring())
          : Optional.empty();
    }

    void ask(long election) {
      Election running = elections.get(election);
      if (running != null) {
        for (Member voter : running.voters()) {
          network.add(new Ask(voter.id(), election, running.base(), running.request()));
        }
      }
    }

    void deliver(Message message) {
      if (message instanceof Ask ask) {
        Voter.Step step = voters.get(ask.to()).on(ask.base(), ask.request());
        voters.put(ask.to(), step.next());
        if (step.outcome() instanceof Voter.Vote vote) {
          network.add(new Vote(ask.election(), ask.to(), vote.answer()));
        }
      } else if (message instanceof Vote vote && elections.containsKey(vote.election())) {
        Election.Step step = elections.get(vote.election()).on(vote.from(), vote.answer());
        elections.put(vote.election(), step.next());
        step.action().ifPresent(action -> carryOut(vote.election(), action));
      }
    }

    void carryOut(long election, Proposer.Action<Ring> action) {
      if (action instanceof Proposer.Action.Chosen<Ring> decided) {
        chosen.add(decided.value());
        elections.remove(election);
        Member proposer = NODES.get(random.nextInt(NODES.size()));
        voters.computeIfPresent(proposer.id(), (id, voter) -> learn(voter, decided.value()));
      } else {
        ask(election);
      }
    }

    private Voter learn(Voter voter, Ring ring) {
      boolean other = voter.ring().filter(known -> known.id() != ring.id()).isPresent();
      return other ? voter : voter.informedOf(ring);
    }
  }

  @Test
  void eachEpochOfAClusterIsDecidedOnceAndNoNodeIsOfTwo() {
    long founded = 0;
    long changes = 0;
    for (long seed = 0; seed < 400; seed++) {
      World world = new World(seed);
      for (int step = 0; step < 1500; step++) {
        world.step();
      }
      Map<String, Ring> byEpoch = new HashMap<>();
      Map<NodeId, Ring> byFounder = new HashMap<>();
      for (Ring ring : world.chosen) {
        Ring rival = byEpoch.put(ring.id() + " epoch " + ring.epoch(), ring);
        assertThat(rival).as("seed %d, rival of %s", seed, ring).isNull();
        changes++;
        if (ring.epoch() == Founding.FIRST_EPOCH) {
          founded++;
          for (NodeId founder : ring.voters()) {
            rival = byFounder.put(founder, ring);
            assertThat(rival).as("seed %d, %s also founded %s", seed, founder, ring).isNull();
          }
        }
      }
    }
    assertThat(founded).as("most worlds get a ring").isGreaterThan(300);
    assertThat(changes).as("and it changes").isGreaterThan(600);
  }
}

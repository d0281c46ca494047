package io.kindred.membership.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.kindred.consensus.Acceptance;
import io.kindred.consensus.Acceptor;
import io.kindred.consensus.Answer;
import io.kindred.consensus.Ballot;
import io.kindred.consensus.Request;
import io.kindred.membership.ClockPulse;
import io.kindred.membership.Silence;
import io.kindred.membership.Voter;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Recovery;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.Rings;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings and votes as they cross nodes (CBOR) and as they lie on disk (JSON). */
class RingOnWireAndDiskTest {

  /** Has a member of every kind: owner, successor, lost, former. */
  private static final Ring RING =
      Rings.after(
          Rings.of("a1", "a2", "b1", "b2"),
          new RingChange.Join(Rings.member("a1", 9), true),
          new RingChange.Succeed(new NodeId("a1", 1), new NodeId("a1", 9)),
          new RingChange.Promote(new NodeId("a1", 9)),
          new RingChange.Join(Rings.member("b1", 10), true),
          new RingChange.Succeed(new NodeId("b1", 3), new NodeId("b1", 10)));

  private static final NodeId SELF = new NodeId("a2", 2);
  private static final Ballot BALLOT = new Ballot(3, "someone");

  private static final ClockPulse CLOCK =
      new ClockPulse(7, Long.MIN_VALUE, true, List.of(new ClockPulse.Echo(SELF, -1, 9)));

  private static ActorTestKit kit;

  @TempDir Path dir;

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static void assertCrosses(Object message) {
    new SerializationTestKit(kit.system()).verifySerialization(message, true);
  }

  @Test
  void everyMessageCrosses() {
    assertThat(RING.lost()).isNotEmpty();
    assertThat(RING.former()).isNotEmpty();
    TestProbe<RingMessages.Reply> probe = kit.createTestProbe();
    assertCrosses(
        new RingMessages.Pulse(
            RING.members().get(0),
            5,
            6,
            List.of(new Recovery(3, 4)),
            Phase.MASTER,
            CLOCK,
            List.of(new Silence(SELF, 8))));
    assertCrosses(new RingMessages.RingNews(RING));
    assertCrosses(
        new RingMessages.Question(Optional.empty(), new Request.Prepare<>(BALLOT), probe.getRef()));
    assertCrosses(
        new RingMessages.Question(
            Optional.of(RING), new Request.Accept<>(BALLOT, RING), probe.getRef()));
    assertCrosses(new RingMessages.Vote(SELF, new Answer.Promised<>(BALLOT, Optional.empty())));
    assertCrosses(
        new RingMessages.Vote(
            SELF, new Answer.Promised<>(BALLOT, Optional.of(new Acceptance<>(BALLOT, RING)))));
    assertCrosses(new RingMessages.Vote(SELF, new Answer.Accepted<>(BALLOT)));
    assertCrosses(new RingMessages.Vote(SELF, new Answer.Refused<>(BALLOT, BALLOT)));
    assertCrosses(new RingMessages.Settled(RING));
  }

  @Test
  void aVoterIsAfterARestartWhatItWas() {
    RingDisk disk = RingDisk.open(dir);
    Voter blank = disk.voter(SELF);
    assertThat(blank).isEqualTo(new Voter(SELF, Optional.empty(), 0, Acceptor.blank()));
    Voter voted = blank.on(Optional.of(RING), new Request.Accept<>(BALLOT, RING)).next();
    disk.keep(blank, voted);
    assertThat(RingDisk.open(dir).voter(SELF)).isEqualTo(voted);
    assertThat(RingDisk.ringIn(dir)).contains(RING);
  }

  @Test
  void aDirectoryWithoutAnythingHasNoRing() {
    assertThat(RingDisk.ringIn(dir.resolve("nowhere"))).isEmpty();
  }

  @Test
  void aVoterWhosePromisesAreGoneDoesNotVote() throws Exception {
    RingDisk disk = RingDisk.open(dir);
    disk.keep(disk.voter(SELF), disk.voter(SELF).informedOf(RING));
    Files.delete(dir.resolve("acceptor.json"));
    assertThatThrownBy(() -> RingDisk.open(dir))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("acceptor.json is missing");
    Files.writeString(dir.resolve("acceptor.json"), "{\"epoch\":");
    assertThatThrownBy(() -> RingDisk.open(dir).voter(SELF))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot read");
  }
}

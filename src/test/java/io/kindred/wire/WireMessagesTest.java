package io.kindred.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.replication.LaneFeed;
import io.kindred.replication.Piece;
import io.kindred.replication.Receipt;
import io.kindred.replication.Superseded;
import io.kindred.replication.WatermarkRow;
import io.kindred.replication.actor.FeedInbox;
import io.kindred.replication.actor.Feeder;
import io.kindred.replication.actor.WatermarkKeeper;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.NodeProtocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What crosses nodes arrives as it was sent, with the configuration that nodes run with. */
class WireMessagesTest {

  private static final int FRAME_BYTES_SAFE = 200 * 1024;
  private static final NodeId ONE = new NodeId("one", 1);
  private static final NodeId TWO = new NodeId("two", 0x7fffffff);
  private static ActorTestKit here;
  private static ActorTestKit there;

  /** All shapes that our messages have, one within another. */
  @SuppressWarnings("ArrayRecordComponent") // compared field by field
  record Nested(
      Ring ring,
      Optional<Seat> some,
      Optional<Seat> none,
      SortedMap<String, List<long[]>> rows,
      byte[] bytes,
      Map<Integer, List<NodeId>> byNumber,
      ActorRef<Nested> replyTo)
      implements WireMessage {}

  @BeforeAll
  static void start() {
    Config config =
        ConfigFactory.parseMap(
                Map.of(
                    "pekko.remote.artery.canonical.port", 0,
                    "pekko.remote.artery.bind.port", 0,
                    "pekko.loglevel", "WARNING"))
            .withFallback(ConfigFactory.load());
    here = ActorTestKit.create("kindred", config);
    there = ActorTestKit.create("kindred", config);
  }

  @AfterAll
  static void stop() {
    here.shutdownTestKit();
    there.shutdownTestKit();
  }

  @Test
  void nestedRecordsCrossBetweenTwoSystems() {
    TestProbe<Nested> replies = here.createTestProbe(Nested.class);
    TestProbe<Nested> receiver = there.createTestProbe(Nested.class);
    SortedMap<String, List<long[]>> rows = new TreeMap<>();
    rows.put("b", List.of(new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}, new long[0]));
    rows.put("a", List.of());
    byte[] bytes = new byte[100_000];
    new Random(3).nextBytes(bytes);
    Seat seat = new Seat(ONE, Optional.of(TWO));
    Nested sent =
        new Nested(
            ring(),
            Optional.of(seat),
            Optional.empty(),
            rows,
            bytes,
            Map.of(7, List.of(ONE, TWO)),
            replies.getRef());

    String path = ActorRefResolver.get(there.system()).toSerializationFormat(receiver.getRef());
    ActorRef<Nested> remote = ActorRefResolver.get(here.system()).resolveActorRef(path);
    remote.tell(sent);
    Nested arrived = receiver.receiveMessage();
    arrived.replyTo().tell(arrived);
    Nested returned = replies.receiveMessage();

    assertThat(returned.ring()).isEqualTo(ring());
    assertThat(returned.some()).contains(seat);
    assertThat(returned.none()).isEmpty();
    assertThat(returned.rows().keySet()).containsExactly("a", "b");
    assertThat(returned.rows().get("b").get(0)).containsExactly(rows.get("b").get(0));
    assertThat(returned.rows().get("b").get(1)).isEmpty();
    assertThat(returned.bytes()).containsExactly(bytes);
    assertThat(returned.byNumber()).isEqualTo(sent.byNumber());
  }

  private static Ring ring() {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    seats.put("r1", List.of(new Seat(ONE, Optional.of(TWO)), Seat.of(TWO)));
    List<Member> members =
        List.of(
            new Member(ONE, "r1", "127.0.0.1", 1, 2, 3),
            new Member(TWO, "r1", "127.0.0.1", 4, 5, 6));
    return new Ring(-5, 12, "dc", new Shards(2), members, List.of(), seats);
  }

  @Test
  void watermarksAreWhatTheyWere() {
    WatermarkKeeper.Told told =
        new WatermarkKeeper.Told(
            ONE, 7, List.of(new WatermarkRow(3, Long.MAX_VALUE, 2, 1, 0, true)));
    assertThat(roundTrip(told)).isEqualTo(told);
    WatermarkKeeper.Reconciled reconciled =
        new WatermarkKeeper.Reconciled(new TreeSet<>(List.of(ONE, TWO)), 5);
    assertThat(roundTrip(reconciled)).isEqualTo(reconciled);
  }

  @Test
  void feedMessagesAreWhatTheyWere() {
    ActorRef<Feeder.Ack> replyTo = here.createTestProbe(Feeder.Ack.class).getRef();
    FeedInbox.FeedHello hello =
        new FeedInbox.FeedHello(
            ONE, TWO, Long.MIN_VALUE, 3, 4, new LaneFeed.Hello(1L << 33, 5, 6, 7), replyTo);
    assertThat(roundTrip(hello)).isEqualTo(hello);
    Feeder.Ack ack =
        new Feeder.Ack(
            ONE, 2, new Receipt(-1, 2, 3, 4, 5, 7, 6, 8, 9, List.of(new Superseded(7, -5, 8))));
    assertThat(roundTrip(ack)).isEqualTo(ack);
    NodeProtocol.FeedEnds ends = new NodeProtocol.FeedEnds(ONE, -9, List.of(1L, Long.MAX_VALUE));
    assertThat(roundTrip(ends)).isEqualTo(ends);
    NodeProtocol.FeedAwaited awaited = new NodeProtocol.FeedAwaited(ONE, TWO, true);
    assertThat(roundTrip(awaited)).isEqualTo(awaited);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 128 * 1024})
  void aFullBatchFitsAFrame(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Piece piece = new Piece(10, 20, 1, 3, bytes);
    FeedInbox.FeedBatch batch =
        new FeedInbox.FeedBatch(
            ONE, TWO, 1, 5, 0, 9, true, piece, here.createTestProbe(Feeder.Ack.class).getRef());
    Serialization serialization = SerializationExtension.get(here.system());
    assertThat(serialization.serialize(batch).get().length).isLessThan(FRAME_BYTES_SAFE);

    FeedInbox.FeedBatch again = roundTrip(batch);
    assertThat(again.piece().bytes()).containsExactly(bytes);
    assertThat(again.piece()).usingRecursiveComparison().isEqualTo(piece);
    assertThat(again.replyTo()).isEqualTo(batch.replyTo());
  }

  private static <T> T roundTrip(T message) {
    return here.serializationTestKit().verifySerialization(message, false);
  }
}

package io.kindred.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kindred.wire.FragmentReceiver.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Both ends of a stream of fragments together. */
class FragmentsTest {

  private static final int PIECE = FragmentSender.PIECE_BYTES_MAX;

  @Property(tries = 100)
  void messagesComeWholeAndInOrderAndNeverMoreThanTheWindowIsOnItsWay(
      @ForAll @Size(max = 8) List<@IntRange(max = 5 * PIECE) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 6) int window) {
    FragmentSender sender = new FragmentSender(7, window);
    List<byte[]> sent = new ArrayList<>();
    for (int length : lengths) {
      byte[] message = new byte[length];
      for (int i = 0; i < length; i += 1000) {
        message[i] = (byte) (sent.size() * 31 + i / 1000);
      }
      sent.add(message);
      sender.offer(message);
    }
    FragmentReceiver receiver = new FragmentReceiver(100L * PIECE);
    List<byte[]> received = new ArrayList<>();
    List<Fragment> onTheWay = new ArrayList<>();
    do {
      onTheWay.clear();
      sender.poll().ifPresent(onTheWay::add);
      for (Optional<Fragment> next = sender.poll(); next.isPresent(); next = sender.poll()) {
        onTheWay.add(next.get());
      }
      assertThat(onTheWay.size()).isLessThanOrEqualTo(window);
      for (Fragment fragment : onTheWay) {
        if (receiver.accept(fragment) instanceof Received.Message message) {
          received.add(message.bytes());
        }
      }
      sender.acknowledge(receiver.received());
    } while (!onTheWay.isEmpty());
    assertThat(received).usingElementComparator(java.util.Arrays::compare).isEqualTo(sent);
    assertThat(sender.queuedBytes()).isZero();
  }

  @Test
  void knowsWhetherTheLastPieceOfAMessageWasSent() {
    FragmentSender sender = new FragmentSender(1, 2);
    long small = sender.offer(new byte[10]);
    long large = sender.offer(new byte[3 * PIECE]);
    assertThat(List.of(small, large)).containsExactly(0L, 3L);
    sender.poll();
    sender.poll();
    assertThat(sender.poll()).isEmpty();
    assertThat(sender.hasSent(small)).isTrue();
    assertThat(sender.hasSent(large)).isFalse();
    sender.acknowledge(2);
    sender.poll();
    sender.poll();
    assertThat(sender.hasSent(large)).isTrue();
  }

  @Test
  void aLostPieceBreaksTheStreamAndANewSessionMendsIt() {
    FragmentReceiver receiver = new FragmentReceiver(1000);
    assertThat(receiver.accept(piece(1, 0, false))).isInstanceOf(Received.More.class);
    assertThat(receiver.accept(piece(1, 2, true))).isInstanceOf(Received.Broken.class);
    assertThat(receiver.accept(piece(2, 0, true))).isInstanceOf(Received.Message.class);
    assertThat(receiver.accept(piece(1, 1, true))).isInstanceOf(Received.Stale.class);
    assertThat(receiver.accept(piece(2, 0, true))).isInstanceOf(Received.Stale.class);
    assertThat(receiver.received()).isEqualTo(1);
  }

  @Test
  void aSessionThatIsNotSeenFromItsBeginningIsBroken() {
    FragmentReceiver receiver = new FragmentReceiver(1000);
    assertThat(receiver.accept(piece(5, 3, true))).isInstanceOf(Received.Broken.class);
  }

  @Test
  void aMessageBeyondTheLimitBreaksTheStreamBeforeItFillsMemory() {
    FragmentReceiver receiver = new FragmentReceiver(25);
    receiver.accept(piece(1, 0, false));
    receiver.accept(piece(1, 1, false));
    assertThat(receiver.accept(piece(1, 2, false))).isInstanceOf(Received.Broken.class);
    assertThat(receiver.isWithinMessage()).isFalse();
  }

  @Test
  void newsOfWhatWasNeverSentIsIgnored() {
    FragmentSender sender = new FragmentSender(1, 1);
    sender.offer(new byte[2 * PIECE]);
    sender.poll();
    sender.acknowledge(50);
    assertThat(sender.poll()).isEmpty();
  }

  @Test
  void refusesPiecesThatNoFrameHoldsAndWindowsThatLetNothingPass() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Fragment(1, 0, true, new byte[PIECE + 1]));
    assertThatIllegalArgumentException().isThrownBy(() -> new FragmentSender(1, 0));
  }

  private static Fragment piece(long session, long sequence, boolean last) {
    return new Fragment(session, sequence, last, new byte[10]);
  }
}

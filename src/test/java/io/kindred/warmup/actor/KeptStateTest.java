package io.kindred.warmup.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.Phase;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Rings;
import io.kindred.warmup.WarmUp;
import io.kindred.warmup.WarmUpEvent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.Test;

class KeptStateTest {

  private static final Claim CLAIM =
      new Claim(Claim.Kind.SUCCESSOR, 4, new TreeSet<>(Set.of(0, 1, 2)));

  private static KeptState after(KeptState state, WarmUpEvent event) {
    return state.after(state.warmUp().on(event), event, 1000);
  }

  private static KeptState streaming() {
    KeptState granted = after(KeptState.EMPTY.started(1), new WarmUpEvent.SuccessionGranted(CLAIM));
    return after(granted, new WarmUpEvent.ShardStreamed(1));
  }

  @Test
  void itIsStoredAsJsonAndReadBackAsItWas() throws Exception {
    ActorTestKit kit = ActorTestKit.create("kept-state");
    try {
      Serialization serialization = SerializationExtension.get(kit.system());
      for (KeptState state : new KeptState[] {KeptState.EMPTY, streaming()}) {
        byte[] bytes = serialization.serialize(state).get();
        Serializer serializer = serialization.findSerializerFor(state);
        String manifest = Serializers.manifestFor(serializer, state);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).startsWith("{").contains("warmUp");
        assertThat(serialization.deserialize(bytes, serializer.identifier(), manifest).get())
            .isEqualTo(state);
      }
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  void aStartBeginsAtStandbyAndKeepsTheHint() {
    KeptState started = streaming().started(2000);
    assertThat(started.warmUp()).isEqualTo(WarmUp.BEGIN);
    assertThat(started.streamed()).containsExactly(1);
    KeptState sameAgain = after(started, new WarmUpEvent.SuccessionGranted(CLAIM));
    assertThat(sameAgain.streamed()).containsExactly(1);
  }

  @Test
  void aHintForAnotherClaimIsForgotten() {
    Claim other = new Claim(Claim.Kind.SUCCESSOR, 9, new TreeSet<>(Set.of(1)));
    KeptState started = streaming().started(2000);
    assertThat(after(started, new WarmUpEvent.SuccessionGranted(other)).streamed()).isEmpty();
    KeptState steppedDown = after(streaming(), new WarmUpEvent.OwnerReturned(Rings.node(2)));
    assertThat(steppedDown.streamedFor()).isEmpty();
  }

  @Test
  void onlyMovesAreRememberedAndNotWithoutEnd() {
    KeptState state = streaming();
    assertThat(state.moves()).hasSize(2);
    assertThat(state.because()).isNotBlank();
    for (int i = 0; i < 100; i++) {
      state = state.started(i);
    }
    assertThat(state.moves()).hasSize(50);
    assertThat(state.moves().get(49).atMillis()).isEqualTo(99);
    assertThat(state.moves().get(49).to()).isEqualTo(Phase.STANDBY);
  }
}

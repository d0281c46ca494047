package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.state.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.state.javadsl.DurableStateBehavior;
import org.apache.pekko.persistence.typed.state.javadsl.SignalHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control state survives the process, in a real H2 file. */
class ControlStoreTest {

  record Put(String value, ActorRef<String> replyTo) {}

  @TempDir private Path dir;

  private static Config config(Path dataDir) {
    return ConfigFactory.parseString(
            "pekko.actor.provider = local, kindred.data-dir = \"" + dataDir + "\"")
        .withFallback(ConfigFactory.parseResources("application.conf"))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  @Test
  void durableStateIsThereAfterARestart() throws Exception {
    assertThat(putAndRecover((id, probe) -> new Notes(id, probe), "one", "two")).isEqualTo("");
    assertThat(putAndRecover((id, probe) -> new Notes(id, probe), "three")).isEqualTo("two");
    assertThat(putAndRecover((id, probe) -> new Notes(id, probe), "four")).isEqualTo("three");
  }

  @Test
  void eventsAndSnapshotsAreThereAfterARestart() throws Exception {
    assertThat(putAndRecover((id, probe) -> new Diary(id, probe), "a", "b", "c")).isEqualTo("");
    assertThat(putAndRecover((id, probe) -> new Diary(id, probe), "d")).isEqualTo("abc");
    assertThat(putAndRecover((id, probe) -> new Diary(id, probe), "e")).isEqualTo("abcd");
  }

  /**
   * What the actor recovered with before it was given the values, in an actor system of its own.
   */
  private String putAndRecover(
      BiFunction<PersistenceId, ActorRef<String>, Behavior<Put>> behavior, String... values)
      throws Exception {
    Config config = ControlStore.prepare(config(dir));
    ActorTestKit kit = ActorTestKit.create("control", config);
    try {
      TestProbe<String> recovered = kit.createTestProbe();
      TestProbe<String> answers = kit.createTestProbe();
      ActorRef<Put> actor =
          kit.spawn(behavior.apply(PersistenceId.ofUniqueId("test"), recovered.ref()));
      String before = recovered.receiveMessage(Duration.ofSeconds(30));
      for (String value : List.of(values)) {
        actor.tell(new Put(value, answers.ref()));
        answers.expectMessage(Duration.ofSeconds(30), value);
      }
      return before;
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static final class Notes extends DurableStateBehavior<Put, String> {
    private final ActorRef<String> recovered;

    Notes(PersistenceId id, ActorRef<String> recovered) {
      super(id);
      this.recovered = recovered;
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<Put, String> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(
              Put.class,
              put -> Effect().persist(put.value()).thenRun(() -> put.replyTo().tell(put.value())))
          .build();
    }

    @Override
    public SignalHandler<String> signalHandler() {
      return newSignalHandlerBuilder()
          .onSignal(
              org.apache.pekko.persistence.typed.state.RecoveryCompleted.class,
              (state, signal) -> recovered.tell(state))
          .build();
    }
  }

  private static final class Diary extends EventSourcedBehavior<Put, String, String> {
    private final ActorRef<String> recovered;

    Diary(PersistenceId id, ActorRef<String> recovered) {
      super(id);
      this.recovered = recovered;
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public org.apache.pekko.persistence.typed.javadsl.CommandHandler<Put, String, String>
        commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(
              Put.class,
              put -> Effect().persist(put.value()).thenRun(() -> put.replyTo().tell(put.value())))
          .build();
    }

    @Override
    public EventHandler<String, String> eventHandler() {
      return newEventHandlerBuilder().forAnyState().onAnyEvent((state, event) -> state + event);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return RetentionCriteria.snapshotEvery(2, 1);
    }

    @Override
    public org.apache.pekko.persistence.typed.javadsl.SignalHandler<String> signalHandler() {
      return newSignalHandlerBuilder()
          .onSignal(RecoveryCompleted.class, (state, signal) -> recovered.tell(state))
          .onSignal(SnapshotCompleted.class, (state, signal) -> {})
          .build();
    }
  }
}

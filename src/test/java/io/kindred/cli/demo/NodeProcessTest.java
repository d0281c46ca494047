package io.kindred.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.cli.demo.DemoState.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With processes that do nothing but wait. */
class NodeProcessTest {

  private Process process;

  @BeforeEach
  void start() throws Exception {
    process = new ProcessBuilder("sleep", "600").start();
  }

  @AfterEach
  void end() throws Exception {
    process.destroyForcibly().waitFor();
  }

  @Test
  void aProcessIsFoundByItsNumberAndStartTogether() {
    long started = process.info().startInstant().orElseThrow().toEpochMilli();

    assertThat(NodeProcess.find(new Running(process.pid(), started))).contains(process.toHandle());
    assertThat(NodeProcess.find(new Running(process.pid(), started - 60_000))).isEmpty();
  }

  @Test
  void aKilledProcessIsNotFound() throws Exception {
    Running running =
        new Running(process.pid(), process.info().startInstant().orElseThrow().toEpochMilli());
    NodeProcess.kill(process.toHandle());

    assertThat(NodeProcess.find(running)).isEmpty();
  }

  @Test
  void aPausedProcessIsStoppedToo() throws Exception {
    NodeProcess.signal(process.toHandle(), "STOP");
    await().untilAsserted(() -> assertThat(state()).isEqualTo('T'));

    assertThat(NodeProcess.stop(List.of(process.toHandle()), Duration.ofSeconds(10))).isEmpty();
    assertThat(process.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void whoDoesNotStopIsKilledAndNamed() throws Exception {
    Process deaf =
        new ProcessBuilder(
                "bash", "-c", "trap '' TERM; echo deaf; while :; do read -t 1 <> <(:); done")
            .start();
    assertThat(deaf.inputReader().readLine()).isEqualTo("deaf");

    assertThat(NodeProcess.stop(List.of(deaf.toHandle()), Duration.ofMillis(300)))
        .containsExactly(deaf.toHandle());
    assertThat(deaf.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void heapsShareTheMemory() {
    long gibibyte = 1L << 30;
    assertThat(NodeProcess.heapMebibytes(3, 24 * gibibyte)).isEqualTo(2048);
    assertThat(NodeProcess.heapMebibytes(3, 4 * gibibyte)).isEqualTo(819);
    assertThat(NodeProcess.heapMebibytes(9, gibibyte)).isEqualTo(256);
  }

  @Test
  void theLaunchersOptionsArePassedOn() {
    assertThat(
            NodeProcess.jvmOptions(
                Optional.of(" -XX:+UseG1GC  -Da=b "), Optional.of("3g"), 3, 1L << 34))
        .containsExactly("-Xmx3g", "-XX:+UseG1GC", "-Da=b");
    assertThat(NodeProcess.jvmOptions(Optional.empty(), Optional.empty(), 3, 1L << 34))
        .first()
        .isEqualTo("-Xmx2048m");
  }

  private char state() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}

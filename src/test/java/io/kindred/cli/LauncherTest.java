package io.kindred.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/kindred} with a {@code java} and a {@code mvn} that only tell how they were called.
 */
class LauncherTest {

  private record Outcome(int status, String out, String err) {}

  @TempDir Path dir;
  private Path home;
  private Path jdk;
  private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void layOut() throws Exception {
    home = Files.createDirectories(dir.resolve("a home"));
    tools = Files.createDirectories(dir.resolve("tools"));
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("bin/kindred"), home.resolve("bin/kindred"));
    assertThat(home.resolve("bin/kindred").toFile().setExecutable(true)).isTrue();
    jdk = dir.resolve("jdk");
    jdk("17.0.15");
  }

  @Test
  void aPackagedFolderStartsWithoutBuilding() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    Outcome outcome = run(home.resolve("bin/kindred"), "status", "--json");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out().lines())
        .contains("-cp", home.toRealPath() + "/lib/*", "io.kindred.cli.Kindred", "status", "--json")
        .anyMatch(
            option -> option.matches("-D.*ForkJoinPool.common.parallelism=([2-9]|[1-9]\\d+)"));
  }

  @Test
  void itFindsItsFolderThroughSymbolicLinks() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    Path elsewhere = Files.createDirectories(dir.resolve("elsewhere"));
    Path absolute = Files.createSymbolicLink(elsewhere.resolve("k1"), home.resolve("bin/kindred"));
    Path relative = Files.createSymbolicLink(elsewhere.resolve("k2"), Path.of("k1"));

    assertThat(run(absolute, "ring").out()).contains(home.toRealPath() + "/lib/*");
    assertThat(run(relative, "ring").out()).contains(home.toRealPath() + "/lib/*");
  }

  @Test
  void aFolderWithNothingToStartSaysSo() throws Exception {
    Outcome outcome = run(home.resolve("bin/kindred"), "ring");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("neither a pom.xml").contains("lib/");
  }

  @Test
  void theCollectorFollowsTheJdk() throws Exception {
    Files.createDirectories(home.resolve("lib"));

    assertThat(nodeOptions("17.0.15")).contains("-XX:+UseG1GC").doesNotContain("-XX:+UseZGC");
    assertThat(nodeOptions("21.0.2")).contains("-XX:+UseZGC", "-XX:+ZGenerational");
    assertThat(nodeOptions("25")).contains("-XX:+UseZGC").doesNotContain("-XX:+ZGenerational");
  }

  @Test
  void heapAndOptionsComeFromTheEnvironment() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    assertThat(nodeOptions("17")).contains("-XX:MaxRAMPercentage=50");

    environment.put("KINDRED_HEAP", "3g");
    environment.put("JAVA_OPTS", "-Da=1 -Db=2");
    environment.put("KINDRED_OPTS", "-Dc=3");

    assertThat(nodeOptions("17"))
        .contains("-Xmx3g")
        .containsSubsequence("-Da=1", "-Db=2", "-Dc=3")
        .doesNotContain("-XX:MaxRAMPercentage=50");
  }

  @Test
  void anOldJdkIsRefused() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    jdk("1.8.0_402");
    Outcome outcome = run(home.resolve("bin/kindred"), "ring");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("is Java 8").contains("17 or newer");
  }

  @Test
  void aCheckoutIsBuiltOnceAndAgainWhenASourceIsNewer() throws Exception {
    checkout("mkdir -p target/classes target/lib; echo built >>" + quoted(dir.resolve("builds")));

    Outcome first = run(home.resolve("bin/kindred"), "ring");
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.err()).contains("kindred: building").contains("kindred: built");
    assertThat(first.out()).contains("target/classes:" + home.toRealPath() + "/target/lib/*");

    assertThat(run(home.resolve("bin/kindred"), "ring").err()).isEmpty();
    assertThat(Files.readAllLines(dir.resolve("builds"))).hasSize(1);

    newer(home.resolve("src/main/java/A.java"));
    assertThat(run(home.resolve("bin/kindred"), "ring").err()).contains("building");
    assertThat(Files.readAllLines(dir.resolve("builds"))).hasSize(2);

    newer(home.resolve("pom.xml"));
    environment.put("KINDRED_BUILD", "never");
    assertThat(run(home.resolve("bin/kindred"), "ring").err()).isEmpty();
    assertThat(Files.readAllLines(dir.resolve("builds"))).hasSize(2);
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    checkout(
        "sleep 1; mkdir -p target/classes target/lib; echo b >>" + quoted(dir.resolve("builds")));

    Process one = start(home.resolve("bin/kindred"), "ring");
    Process two = start(home.resolve("bin/kindred"), "ring");

    assertThat(outcome(one).status()).isZero();
    assertThat(outcome(two).status()).isZero();
    assertThat(Files.readAllLines(dir.resolve("builds"))).hasSize(1);
  }

  @Test
  void aFailedBuildShowsItsLogAndIsTriedAgain() throws Exception {
    checkout("echo 'cannot find symbol'; exit 1");

    for (int attempt = 1; attempt <= 2; attempt++) {
      Outcome outcome = run(home.resolve("bin/kindred"), "ring");
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err()).contains("cannot find symbol").contains("the build failed");
    }
  }

  private List<String> nodeOptions(String version) throws Exception {
    jdk(version);
    Outcome outcome = run(home.resolve("bin/kindred"), "node");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return outcome.out().lines().toList();
  }

  private void jdk(String version) throws IOException {
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"");
    script(jdk.resolve("bin/javac"), "exit 0");
  }

  private void checkout(String build) throws IOException {
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.createDirectories(home.resolve("src/main/java"));
    Files.writeString(home.resolve("src/main/java/A.java"), "class A {}");
    script(tools.resolve("mvn"), build);
  }

  /** Stamped with the future, as file times may be too coarse to tell two moments apart. */
  private static void newer(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
  }

  private static String quoted(Path file) {
    return "'" + file + "'";
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Outcome run(Path launcher, String... arguments) throws Exception {
    return outcome(start(launcher, arguments));
  }

  private Process start(Path launcher, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("KINDRED_"));
    builder.environment().remove("JAVA_OPTS");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().merge("PATH", tools.toString(), (path, first) -> first + ":" + path);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Outcome outcome(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), out, err);
  }
}

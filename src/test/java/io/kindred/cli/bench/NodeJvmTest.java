package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeJvmTest {

  @TempDir Path home;

  @Test
  void anotherJdkGetsTheOptionsThatTheLauncherWouldGiveIt() {
    NodeJvm own = new NodeJvm(home, "17.0.15");
    Optional<String> launcher = Optional.of(" -XX:+UseG1GC  -Da=b ");

    assertThat(own.options(launcher, own)).containsExactly("-XX:+UseG1GC", "-Da=b");
    assertThat(new NodeJvm(home, "25").options(launcher, own))
        .contains("-XX:+UseZGC", "--sun-misc-unsafe-memory-access=allow")
        .doesNotContain("-XX:+ZGenerational", "-Da=b");
    assertThat(new NodeJvm(home, "21.0.2+1").options(launcher, own)).contains("-XX:+ZGenerational");
    assertThat(own.options(Optional.empty(), own)).contains("-XX:+UseG1GC");
  }

  @Test
  void aJdkTellsItsVersionByItsReleaseFile() throws Exception {
    assertThatThrownBy(() -> NodeJvm.at(home))
        .isInstanceOf(NotMeasured.class)
        .hasMessageContaining("no JDK at");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("bin/java"), "");
    assertThat(home.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "A=1\nJAVA_VERSION=\"25.0.3\"\n");
    assertThat(NodeJvm.at(home).major()).isEqualTo(25);
  }

  @Test
  void optionsForAnotherJdkAreThoseOfTheLauncher() throws Exception {
    String launcher = Files.readString(Path.of("bin/kindred"));
    NodeJvm own = new NodeJvm(home, "11.0.1");
    for (String version : List.of("17.0.15", "21.0.2", "25.0.3")) {
      List<String> options = new NodeJvm(home, version).options(Optional.empty(), own);
      assertThat(options).filteredOn(option -> option.startsWith("-XX:")).hasSizeGreaterThan(2);
      assertThat(options)
          .filteredOn(option -> !option.startsWith("-Djava.util.concurrent"))
          .allSatisfy(option -> assertThat(launcher).contains(option));
    }
    List<String> g1 = new NodeJvm(home, "17.0.15").options(Optional.empty(), own);
    assertThat(launcher.split("-XX:\\+UseG1GC", 2)[1].split("\\)", 2)[0].strip().split("\\s+"))
        .isSubsetOf(g1);
  }
}

package io.kindred.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.kindred.architecture.Floors.MAIN;
import static io.kindred.architecture.Floors.TESTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** What holds for the source tree as it lies there. */
class SourcesTest {

  private static final Path MAIN_SOURCES = Path.of("src/main/java");
  private static final Path TEST_SOURCES = Path.of("src/test/java");

  /** Past this a decision has leaked into an actor, and belongs in the rule next door. */
  private static final int ACTOR_LINES_MAX = 300;

  @Test
  void actorsAreThin() throws IOException {
    List<Path> actors =
        sources(MAIN_SOURCES)
            .filter(file -> text(file).contains(" extends AbstractBehavior<"))
            .toList();
    assertThat(actors)
        .allSatisfy(file -> assertThat(lines(file)).isLessThanOrEqualTo(ACTOR_LINES_MAX));
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackage("..jmh_generated")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .check(TESTS);
  }

  @Test
  void noTestIsSwitchedOff() throws IOException {
    String annotation = "@" + Disabled.class.getSimpleName();
    assertThat(sources(TEST_SOURCES).filter(file -> text(file).contains("  " + annotation)))
        .isEmpty();
  }

  @Test
  void nothingIsLeftToDo() throws IOException {
    String mark = "TO" + "DO";
    assertThat(
            Stream.concat(sources(MAIN_SOURCES), sources(TEST_SOURCES))
                .filter(file -> text(file).contains(mark)))
        .isEmpty();
  }

  private static Stream<Path> sources(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }

  private static long lines(Path file) {
    return text(file).lines().count();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(file.toString(), e);
    }
  }
}

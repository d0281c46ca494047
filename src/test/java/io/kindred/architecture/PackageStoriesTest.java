package io.kindred.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every package of the house tells its story in its {@code package-info.java}. */
class PackageStoriesTest {

  @Test
  void everyPackageTellsItsStory() throws IOException {
    List<Path> packages = packages();
    assertThat(packages).isNotEmpty();
    assertThat(packages).allSatisfy(folder -> assertThat(story(folder)).contains("/**"));
  }

  private static List<Path> packages() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
      return all.filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .toList();
    }
  }

  private static String story(Path folder) throws IOException {
    return Files.readString(folder.resolve("package-info.java"));
  }
}

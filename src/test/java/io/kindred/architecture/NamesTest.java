package io.kindred.architecture;

import static io.kindred.architecture.Floors.MAIN;
import static io.kindred.architecture.Floors.TESTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What nothing may be called, because it says nothing. */
class NamesTest {

  @Test
  void namesSayWhatAThingIs() {
    assertThat(named().filter(NamesTest::saysNothing)).isEmpty();
  }

  @Test
  void theRuleKnowsAnEmptyName() {
    assertThat(
            List.of(
                "Record", "ShardManager", "StringUtils", "TestHelper", "CommonTypes", "RingImpl"))
        .allMatch(NamesTest::saysNothing);
    assertThat(List.of("NodeManager", "NodeManagerTest", "Community", "Helpful", "Recording"))
        .noneMatch(NamesTest::saysNothing);
  }

  private static Stream<String> named() {
    return Stream.concat(MAIN.stream(), TESTS.stream()).map(JavaClass::getSimpleName);
  }

  private static boolean saysNothing(String name) {
    return name.equals("Record")
        || name.matches(".*(?<!^Node)Manager(Test|IT)?")
        || name.matches(".*(Utils?|Helpers?|Common|Impl)([A-Z].*)?");
  }
}

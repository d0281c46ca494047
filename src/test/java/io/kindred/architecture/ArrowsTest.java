package io.kindred.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.kindred.architecture.Floors.EDGES;
import static io.kindred.architecture.Floors.MAIN;
import static io.kindred.architecture.Floors.READ_BY_ALL;
import static io.kindred.architecture.Floors.RULES;
import static io.kindred.architecture.Floors.WORDS;
import static io.kindred.architecture.Floors.actors;
import static io.kindred.architecture.Floors.in;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.Architectures;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Arrows go down only: edges, then the rules' actors, then rules, then words. */
class ArrowsTest {

  @Test
  void everyRoomStandsOnAFloor() {
    Set<String> rooms =
        MAIN.stream()
            .map(type -> Floors.room(type.getPackageName()))
            .filter(room -> !room.isEmpty())
            .collect(Collectors.toSet());
    Set<String> known =
        Stream.of(WORDS, RULES, EDGES, READ_BY_ALL)
            .flatMap(Set::stream)
            .collect(Collectors.toSet());
    assertThat(rooms).isNotEmpty().isSubsetOf(known);
  }

  @Test
  void arrowsGoDownOnly() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("edges")
        .definedBy(in("edges", EDGES))
        .layer("actors")
        .definedBy(actors())
        .layer("rules")
        .definedBy(in("rules", RULES))
        .layer("words")
        .definedBy(in("words", WORDS))
        .withOptionalLayers(true)
        .whereLayer("edges")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("actors")
        .mayOnlyBeAccessedByLayers("edges")
        .whereLayer("rules")
        .mayOnlyBeAccessedByLayers("edges", "actors")
        .whereLayer("words")
        .mayOnlyBeAccessedByLayers("edges", "actors", "rules")
        .check(MAIN);
  }

  @Test
  void noTwoPackagesNeedEachOther() {
    slices().matching("io.kindred.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void settingsReadNobody() {
    noClasses()
        .that(in("settings", READ_BY_ALL))
        .should()
        .dependOnClassesThat(
            in("words", WORDS).or(in("rules", RULES)).or(actors()).or(in("edges", EDGES)))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void onlyActorsAndEdgesKnowPekko() {
    noClasses()
        .that(in("words", without(WORDS, "wire")).or(in("rules", RULES)))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.pekko.."))
        .check(MAIN);
  }

  @Test
  void onlyServerNodeAndTheShardsDispatcherKnowNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.kindred.server..", "io.kindred.node..", "io.kindred.storage.actor..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.netty.."))
        .check(MAIN);
  }

  /** But for the two that pack what goes to disk, for which the JDK has nothing fast. */
  @Test
  void wordsAndRulesNeedNothingButTheJdk() {
    classes()
        .that(in("words", without(WORDS, "wire")).or(in("rules", RULES)))
        .and()
        .doNotHaveFullyQualifiedName("io.kindred.storage.snapshot.Blocks")
        .and()
        .doNotHaveFullyQualifiedName("io.kindred.storage.BatchPacker")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    // names of the sealed types on the wire stand beside the types
                    "com.fasterxml.jackson.annotation..")
                .or(resideInAnyPackage("io.kindred..")))
        .check(MAIN);
  }

  /** What a simulation cannot replay: a clock, a thread or a die that it does not hold itself. */
  @Test
  void wordsAndRulesHaveNoClockThreadOrDie() {
    noClasses()
        .that(in("words", WORDS).or(in("rules", RULES)))
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
        .orShould()
        .dependOnClassesThat(resideInAnyPackage("org.slf4j.."))
        .orShould()
        .beAssignableTo(Thread.class)
        .check(MAIN);
  }

  private static Set<String> without(Set<String> rooms, String room) {
    return rooms.stream().filter(other -> !other.equals(room)).collect(Collectors.toSet());
  }

  /** A rule that matches no class at all proves nothing. */
  @Test
  void theRulesAboveSeeTheHouse() {
    assertThat(MAIN.stream().filter(in("words", WORDS))).hasSizeGreaterThan(10);
    assertThat(MAIN.stream().filter(actors())).isNotEmpty();
    assertThat(MAIN.stream().map(JavaClass::getName)).noneMatch(name -> name.endsWith("Test"));
  }
}

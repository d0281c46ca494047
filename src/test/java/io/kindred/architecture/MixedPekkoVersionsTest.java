package io.kindred.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Pekko's own check of mixed versions is switched off, because one module of the core is to be had
 * only in an older version. This test is the check instead: it allows that module, by name and by
 * version, and no other.
 */
class MixedPekkoVersionsTest {

  /** Modules that are released together, and the property of the pom that gives their version. */
  private record Family(String property, String modules) {}

  /** The first that matches a module is its family; the last takes the core. */
  private static final List<Family> FAMILIES =
      List.of(
          new Family("pekko.management.version", "management.*|discovery-kubernetes-api"),
          new Family("pekko.http.version", "http.*|parsing"),
          new Family("pekko.jdbc.version", "persistence-jdbc"),
          // 1.7.0's discovery differs from this one in comments only
          new Family("pekko.discovery.version", "discovery"),
          new Family("pekko.version", ".*"));

  private static final Pattern JAR =
      Pattern.compile(".*/pekko-([a-z0-9-]+)_2\\.13-([^/!]+)\\.jar!.*");

  @Test
  void everyModuleHasTheVersionOfItsFamily() throws IOException {
    Map<String, String> found = modulesOnTheClassPath();
    assertThat(found).containsKeys("actor", "cluster", "discovery", "http-core", "management");

    String pom = Files.readString(Path.of("pom.xml"));
    Map<String, String> wanted = new TreeMap<>();
    found
        .keySet()
        .forEach(module -> wanted.put(module, property(pom, familyOf(module).property())));
    assertThat(found).isEqualTo(wanted);
  }

  @Test
  void theOneExceptionIsDiscovery() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    assertThat(property(pom, "pekko.discovery.version")).isEqualTo("1.2.1");
    assertThat(modulesOnTheClassPath().keySet())
        .filteredOn(module -> familyOf(module).property().equals("pekko.discovery.version"))
        .containsExactly("discovery");
  }

  private static Family familyOf(String module) {
    return FAMILIES.stream()
        .filter(family -> module.matches(family.modules()))
        .findFirst()
        .orElseThrow();
  }

  /** Module and version of each Pekko jar, from the jars' own names. */
  private static Map<String, String> modulesOnTheClassPath() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (URL manifest :
        Collections.list(
            MixedPekkoVersionsTest.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
      Matcher jar = JAR.matcher(manifest.toString());
      if (jar.matches()) {
        String second = found.put(jar.group(1), jar.group(2));
        assertThat(second).as("a second version of pekko-%s", jar.group(1)).isNull();
      }
    }
    return found;
  }

  private static String property(String pom, String name) {
    Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<").matcher(pom);
    assertThat(value.find()).as("property %s of pom.xml", name).isTrue();
    return value.group(1);
  }
}

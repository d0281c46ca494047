package io.kindred.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;

/** The floors of the house, each a set of packages, and its classes as compiled. */
final class Floors {

  static final String ROOT = "io.kindred";

  /** What everything else is told in. */
  static final Set<String> WORDS =
      Set.of("entry", "ring", "storage", "command", "consensus", "wire");

  /** What is decided, without a side effect. */
  static final Set<String> RULES = Set.of("replication", "reconcile", "warmup", "membership");

  /** Where the outside world begins. */
  static final Set<String> EDGES = Set.of("server", "management", "cli", "node");

  /** Read by all; reads nobody. */
  static final Set<String> READ_BY_ALL = Set.of("settings");

  /** The classes of the house, without its tests. */
  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** The classes of its tests. */
  static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .importPackages(ROOT);

  private Floors() {}

  /** The classes that lie directly in one of these rooms, or below it but for its actors. */
  static DescribedPredicate<JavaClass> in(String name, Set<String> rooms) {
    return DescribedPredicate.describe(
        name, type -> !isActor(type) && rooms.contains(room(type.getPackageName())));
  }

  /** The classes that carry rules out: those below a package named actor. */
  static DescribedPredicate<JavaClass> actors() {
    return DescribedPredicate.describe("actors", Floors::isActor);
  }

  private static boolean isActor(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) && (name.endsWith(".actor") || name.contains(".actor."));
  }

  /** The room of a package: what follows the root; empty for the root itself and for strangers. */
  static String room(String packageName) {
    if (!packageName.startsWith(ROOT + ".")) {
      return "";
    }
    String below = packageName.substring(ROOT.length() + 1);
    int dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }
}

package io.kindred.cluster;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One cluster of three racks for all tests that leave it as they found it: started with the first
 * of them, ended when all tests of the run are done. Each such test keeps to keys of its own.
 */
final class SharedCluster implements BeforeAllCallback {

  /** The order of the classes that use it: behind those whose own nodes want the cores. */
  static final int LAST = Integer.MAX_VALUE;

  private static volatile DemoCluster threeRacks;

  @Override
  public void beforeAll(ExtensionContext context) {
    // What is in the root's store is closed with the run. Left to the JVM's end, the nodes would
    // make it wait for its last half minute.
    threeRacks =
        context
            .getRoot()
            .getStore(Namespace.create(SharedCluster.class))
            .computeIfAbsent(
                DemoCluster.class, type -> DemoCluster.Plan.racks(3).start(), DemoCluster.class);
  }

  /** The cluster; only in classes that are extended with this one. */
  static DemoCluster threeRacks() {
    return threeRacks;
  }
}

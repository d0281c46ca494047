package io.kindred.cluster;

/**
 * One cluster of three racks for all tests that leave it as they found it: started with the first
 * of them, ended with the JVM. Each such test keeps to keys of its own.
 */
final class SharedCluster {

  private static DemoCluster threeRacks;

  private SharedCluster() {}

  static synchronized DemoCluster threeRacks() {
    if (threeRacks == null) {
      DemoCluster started = DemoCluster.Plan.racks(3).start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::close));
      threeRacks = started;
    }
    return threeRacks;
  }
}

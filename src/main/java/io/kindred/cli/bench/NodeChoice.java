package io.kindred.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which Kindred node to start.
 *
 * @param heap as for -Xmx; empty where nobody chose one, and it is a quarter of the memory
 * @param jvmOptions further ones
 * @param settings as {@code -Dkey=value}
 */
record NodeChoice(
    NodeJvm jvm, Optional<String> heap, List<String> jvmOptions, Map<String, String> settings) {

  NodeChoice {
    jvmOptions = List.copyOf(jvmOptions);
    settings = Map.copyOf(settings);
  }

  String heapOrShare() {
    return heap.orElseGet(() -> Machine.memory() / 4 / (1 << 20) + "m");
  }

  NodeChoice with(String key, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.put(key, value);
    return new NodeChoice(jvm, heap, jvmOptions, more);
  }

  /** One that writes no snapshots by itself, as redis-server rewrites nothing while measured. */
  NodeChoice withoutSnapshots() {
    return with("kindred.snapshot.log-bytes", "1TiB");
  }

  NodeChoice withOption(String option) {
    List<String> more = new ArrayList<>(jvmOptions);
    more.add(option);
    return new NodeChoice(jvm, heap, more, settings);
  }

  NodeChoice on(NodeJvm other) {
    return new NodeChoice(other, heap, jvmOptions, settings);
  }

  NodeChoice withHeap(String other) {
    return new NodeChoice(jvm, Optional.of(other), jvmOptions, settings);
  }
}

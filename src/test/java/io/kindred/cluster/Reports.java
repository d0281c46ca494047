package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** Reconciliations of a quiet cluster, as proofs: what they compare covers every byte. */
final class Reports {

  private Reports() {}

  /** Has all owners compared until nothing differs; fails where one does not take part. */
  static void assertAllEqual(Management management) {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              JsonNode report = run(management);
              assertThat(report.path("state").asText()).isEqualTo("COMPLETED");
              assertThat(report.path("shardsInSync").asInt())
                  .as(report.toPrettyString())
                  .isEqualTo(report.path("shardsAll").asInt());
              for (JsonNode node : report.path("nodes")) {
                assertThat(node.path("skipped").asText()).isEmpty();
              }
            });
  }

  private static JsonNode run(Management management) {
    String id = management.post("/kindred/v1/reconciliations").path("id").asText();
    String path = "/kindred/v1/reconciliations/" + id;
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !management.get(path).path("state").asText().equals("RUNNING"));
    return management.get(path);
  }
}

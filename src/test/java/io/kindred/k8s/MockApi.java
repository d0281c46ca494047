package io.kindred.k8s;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Kubernetes API server in this process, over TLS as pods know it. It lists the pods that the
 * manifests describe, each on a loopback address of its own: so all can have the same ports, as in
 * a cluster.
 *
 * <p>Pods are put together as trees of JSON and not with fabric8's client, which writes with
 * Jackson 3 and wants newer annotations than our Jackson 2 has.
 */
final class MockApi implements AutoCloseable {

  static final String NAMESPACE = "shop";

  private final MockWebServer web = new MockWebServer();
  private final KubernetesMockServer server =
      new KubernetesMockServer(new Context(), web, new HashMap<>(), true);
  private final ArrayNode pods = JsonNodeFactory.instance.arrayNode();

  MockApi() {
    server.init(InetAddress.getLoopbackAddress(), 0);
  }

  /**
   * Adds the pod of a StatefulSet, running at an address.
   *
   * @param ports by name, in the place of the set's own, which may be taken on this machine
   * @return its environment, as the set asks for it
   */
  Map<String, String> run(JsonNode set, String address, Map<String, Integer> ports) {
    ObjectNode spec = (ObjectNode) set.at("/spec/template/spec").deepCopy();
    JsonNode container = spec.at("/containers/0");
    container
        .get("ports")
        .forEach(
            port ->
                ((ObjectNode) port).put("containerPort", ports.get(port.get("name").asString())));
    String name = set.at("/metadata/name").asString() + "-0";
    ObjectNode pod = pods.addObject();
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", NAMESPACE);
    metadata.set("labels", set.at("/spec/template/metadata/labels"));
    pod.set("spec", spec);
    pod.putObject("status").put("phase", "Running").put("podIP", address);
    return environment(container, name, address);
  }

  private Map<String, String> environment(JsonNode container, String name, String address) {
    Map<String, String> fields =
        Map.of("metadata.name", name, "metadata.namespace", NAMESPACE, "status.podIP", address);
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : container.get("env")) {
      environment.put(
          variable.get("name").asString(),
          variable.has("value")
              ? variable.get("value").asString()
              : fields.get(variable.at("/valueFrom/fieldRef/fieldPath").asString()));
    }
    environment.put("KUBERNETES_SERVICE_HOST", "localhost");
    environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()));
    return environment;
  }

  /** From now on answers who asks for the pods of that label; everybody else gets a 404. */
  void serve(String label, String value) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "PodList").putObject("metadata");
    list.set("items", pods);
    server
        .expect()
        .get()
        .withPath(
            "/api/v1/namespaces/" + NAMESPACE + "/pods?labelSelector=" + label + "%3D" + value)
        .andReturn(200, list.toString())
        .withHeader("Content-Type: application/json")
        .always();
  }

  /**
   * What every pod finds under {@code /var/run/secrets}, in a folder of the test's.
   *
   * @return settings that name the folder
   */
  String credentials(Path folder) throws IOException {
    Files.copy(Path.of(web.getSelfSignedCertificate().certificatePath()), folder.resolve("ca.crt"));
    Files.writeString(folder.resolve("token"), "a-token");
    Files.writeString(folder.resolve("namespace"), NAMESPACE);
    return """
        pekko.discovery.kubernetes-api {
          api-ca-path = "%1$s/ca.crt"
          api-token-path = "%1$s/token"
          pod-namespace-path = "%1$s/namespace"
        }
        """
        .formatted(folder);
  }

  @Override
  public void close() {
    server.destroy();
  }
}

package io.kindred.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The manifests are of the Kubernetes model, and fit each other. */
class ManifestsTest {

  @Test
  void everyFileIsOfTheModel() {
    assertThat(Manifests.all())
        .extracting(HasMetadata::getKind)
        .containsExactlyInAnyOrder(
            "ServiceAccount",
            "Role",
            "RoleBinding",
            "ConfigMap",
            "Service",
            "Service",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "StatefulSet",
            "StatefulSet",
            "StatefulSet");
  }

  @Test
  void anUnknownFieldFailsHoweverDeep() {
    String rack = Manifests.read(Manifests.folder().resolve("rack-1.yaml"));
    String misspelt = rack.replace("terminationGracePeriodSeconds", "terminationGraceSeconds");
    String misspeltDeeper = rack.replace("periodSeconds: 10", "periodInSeconds: 10");

    assertThat(rack).isNotEqualTo(misspelt).isNotEqualTo(misspeltDeeper);
    assertThatThrownBy(() -> Manifests.parse(misspelt)).isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Manifests.parse(misspeltDeeper)).isInstanceOf(JacksonException.class);
  }

  @Test
  void theKustomizationNamesEveryFile() {
    JsonNode kustomization =
        Manifests.documents(Manifests.read(Manifests.folder().resolve("kustomization.yaml")))
            .get(0);
    List<String> resources = new ArrayList<>();
    kustomization.get("resources").forEach(resource -> resources.add(resource.asString()));

    assertThat(resources)
        .containsExactlyInAnyOrderElementsOf(
            Manifests.files().stream().map(file -> file.getFileName().toString()).toList());
    assertThat(kustomization.get("images").get(0).get("name").asString())
        .isEqualTo(container(racks().get(0)).getImage().split(":", -1)[0]);
  }

  @Test
  void theRacksDifferInTheirNameAlone() {
    List<String> files =
        Manifests.files().stream()
            .filter(file -> file.getFileName().toString().startsWith("rack-"))
            .map(Manifests::read)
            .toList();

    assertThat(files).hasSize(3);
    for (int rack = 1; rack <= files.size(); rack++) {
      String itself = files.get(rack - 1);
      assertThat(itself.replace("rack-" + rack, "rack-1").replace("Rack " + rack, "Rack 1"))
          .isEqualTo(files.get(0));
    }
  }

  @Test
  void eachSetSelectsItsOwnPodsAndNoOthers() {
    for (StatefulSet set : racks()) {
      Map<String, String> selector = set.getSpec().getSelector().getMatchLabels();
      List<String> selected =
          racks().stream()
              .filter(other -> podLabels(other).entrySet().containsAll(selector.entrySet()))
              .map(other -> other.getMetadata().getName())
              .toList();
      assertThat(selected).containsExactly(set.getMetadata().getName());
      assertThat(set.getSpec().getServiceName()).isEqualTo(headless().getMetadata().getName());
    }
  }

  @Test
  void servicesAndBudgetSelectEveryPod() {
    List<Map<String, String>> selectors = new ArrayList<>();
    Manifests.all(Service.class).forEach(service -> selectors.add(service.getSpec().getSelector()));
    Manifests.all(PodDisruptionBudget.class)
        .forEach(budget -> selectors.add(budget.getSpec().getSelector().getMatchLabels()));

    for (Map<String, String> selector : selectors) {
      assertThat(racks())
          .allMatch(set -> podLabels(set).entrySet().containsAll(selector.entrySet()));
    }
  }

  @Test
  void servicesAndProbesNamePortsThatThePodsHave() {
    for (StatefulSet set : racks()) {
      List<String> names = container(set).getPorts().stream().map(ContainerPort::getName).toList();
      for (Service service : Manifests.all(Service.class)) {
        assertThat(names)
            .containsAll(
                service.getSpec().getPorts().stream()
                    .map(ServicePort::getTargetPort)
                    .map(port -> port.getStrVal())
                    .toList());
      }
      Container container = container(set);
      for (Probe probe : List.of(container.getStartupProbe(), container.getLivenessProbe())) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo("/alive");
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
      }
      assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ready");
      assertThat(container.getReadinessProbe().getHttpGet().getPort().getStrVal())
          .isEqualTo("management");
    }
  }

  @Test
  void theHeadlessServiceNamesPodsThatDoNotServeYet() {
    assertThat(headless().getSpec().getPublishNotReadyAddresses()).isTrue();
  }

  @Test
  void podsMayListPodsAndNothingElse() {
    ServiceAccount account = Manifests.all(ServiceAccount.class).get(0);
    Role role = Manifests.all(Role.class).get(0);
    RoleBinding binding = Manifests.all(RoleBinding.class).get(0);

    assertThat(role.getRules()).hasSize(1);
    assertThat(role.getRules().get(0).getResources()).containsExactly("pods");
    assertThat(role.getRules().get(0).getVerbs()).containsExactlyInAnyOrder("get", "watch", "list");
    assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
    assertThat(binding.getSubjects().get(0).getName()).isEqualTo(account.getMetadata().getName());
    assertThat(racks())
        .allMatch(
            set -> podSpec(set).getServiceAccountName().equals(account.getMetadata().getName()));
  }

  @Test
  void onlyLabelledClientsReachTheUnlockedFrontDoor() {
    assertThat(settingsIn(racks().get(0)).getBoolean("kindred.client.protected-mode")).isFalse();
    NetworkPolicy policy = Manifests.all(NetworkPolicy.class).get(0);

    assertThat(racks())
        .allMatch(
            set ->
                podLabels(set)
                    .entrySet()
                    .containsAll(policy.getSpec().getPodSelector().getMatchLabels().entrySet()));
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
    assertThat(policy.getSpec().getIngress()).allMatch(rule -> !rule.getFrom().isEmpty());
    assertThat(policy.getSpec().getIngress().get(1).getPorts())
        .extracting(port -> port.getPort().getStrVal())
        .containsExactly("redis");
  }

  @Test
  void podsRunWithoutPrivileges() {
    for (StatefulSet set : racks()) {
      assertThat(podSpec(set).getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(container(set).getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
      assertThat(container(set).getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
      assertThat(container(set).getSecurityContext().getCapabilities().getDrop())
          .containsExactly("ALL");
    }
  }

  @Test
  void everyMountHasItsVolume() {
    for (StatefulSet set : racks()) {
      List<String> volumes =
          Stream.concat(
                  podSpec(set).getVolumes().stream().map(volume -> volume.getName()),
                  set.getSpec().getVolumeClaimTemplates().stream()
                      .map(claim -> claim.getMetadata().getName()))
              .toList();
      assertThat(container(set).getVolumeMounts())
          .extracting(VolumeMount::getName)
          .containsExactlyInAnyOrderElementsOf(volumes);
      assertThat(podSpec(set).getVolumes())
          .filteredOn(volume -> volume.getConfigMap() != null)
          .allMatch(
              volume ->
                  volume.getConfigMap().getName().equals(configMap().getMetadata().getName()));
    }
  }

  @Test
  void theSettingsResolveInAPodAndFitTheManifests() {
    for (StatefulSet set : racks()) {
      Config config = settingsIn(set);
      assertThat(config.getStringList("kindred.ring.racks"))
          .hasSameSizeAs(racks())
          .contains(config.getString("kindred.node.rack"));
      assertThat(config.getInt("kindred.ring.nodes-per-rack"))
          .isEqualTo(set.getSpec().getReplicas());
      assertThat(config.getString("kindred.data-dir"))
          .isIn(container(set).getVolumeMounts().stream().map(VolumeMount::getMountPath).toList());
      assertThat(config.getString("kindred.node.host"))
          .isEqualTo(
              set.getMetadata().getName()
                  + "-0."
                  + headless().getMetadata().getName()
                  + ".shop.svc");
      assertThat(config.getString("kindred.bootstrap.method")).isEqualTo("kubernetes-api");

      Map<String, Integer> ports =
          container(set).getPorts().stream()
              .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
      assertThat(ports)
          .isEqualTo(
              Map.of(
                  "redis", config.getInt("kindred.client.port"),
                  "management", config.getInt("kindred.management.port"),
                  "artery", config.getInt("kindred.artery.port")));
    }
  }

  @Test
  void discoveryFindsThePodsByTheirLabelAndPortName() {
    Config config = settingsIn(racks().get(0));
    Config discovery =
        config.getConfig("pekko.management.cluster.bootstrap.contact-point-discovery");
    String selector =
        config
            .getString("pekko.discovery.kubernetes-api.pod-label-selector")
            .replace("%s", discovery.getString("service-name"));

    assertThat(racks())
        .allMatch(
            set ->
                podLabels(set).entrySet().stream()
                    .anyMatch(label -> (label.getKey() + "=" + label.getValue()).equals(selector)));
    assertThat(container(racks().get(0)).getPorts())
        .extracting(ContainerPort::getName)
        .contains(discovery.getString("port-name"));
  }

  /** The ConfigMap's file as the first pod of a set in namespace {@code shop} resolves it. */
  private static Config settingsIn(StatefulSet set) {
    Map<String, String> fields =
        Map.of(
            "metadata.name", set.getMetadata().getName() + "-0",
            "metadata.namespace", "shop",
            "status.podIP", "10.0.0.7");
    Map<String, String> environment =
        container(set).getEnv().stream()
            .collect(
                Collectors.toMap(
                    EnvVar::getName,
                    variable ->
                        variable.getValue() != null
                            ? variable.getValue()
                            : fields.get(variable.getValueFrom().getFieldRef().getFieldPath())));
    return ConfigFactory.parseString(configMap().getData().get("kindred.conf"))
        .resolveWith(ConfigFactory.parseMap(environment));
  }

  private static List<StatefulSet> racks() {
    return Manifests.all(StatefulSet.class);
  }

  private static ConfigMap configMap() {
    return Manifests.all(ConfigMap.class).get(0);
  }

  private static Service headless() {
    return Manifests.all(Service.class).stream()
        .filter(service -> "None".equals(service.getSpec().getClusterIP()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> podLabels(StatefulSet set) {
    return set.getSpec().getTemplate().getMetadata().getLabels();
  }

  private static PodSpec podSpec(StatefulSet set) {
    return set.getSpec().getTemplate().getSpec();
  }

  private static Container container(StatefulSet set) {
    return podSpec(set).getContainers().get(0);
  }
}

package io.kindred.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.kindred.ring.Ring;
import io.kindred.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the actor system's configuration needs beyond {@code application.conf}: the parts that
 * follow from Kindred's own settings and from the ring on disk.
 */
final class SystemConfig {

  private SystemConfig() {}

  /**
   * Cluster Bootstrap's part.
   *
   * <p>A node without a ring may help to found a cluster only when all planned nodes answer. A node
   * with a ring looks for the ring's members as well, and a majority of those that are not lost,
   * none of them clustered, must answer before it may found anything: a single node that restarts
   * while cut off never begins a cluster of its own.
   */
  static Config bootstrap(Settings settings, Optional<Ring> ring) {
    int planned = settings.ring().racks().size() * settings.ring().nodesPerRack();
    int required = ring.map(known -> known.voters().size() / 2 + 1).orElse(planned);
    String prefix = "pekko.management.cluster.bootstrap.contact-point-discovery.";
    Config config =
        ConfigFactory.empty()
            .withValue(prefix + "required-contact-point-nr", value(required))
            .withValue(prefix + "contact-with-all-contact-points", value(ring.isEmpty()));
    if (settings.bootstrap().method().equals("config")) {
      List<Map<String, Object>> endpoints = new ArrayList<>();
      for (String point : contactPoints(settings, ring)) {
        endpoints.add(endpoint(point));
      }
      config =
          config.withValue("pekko.discovery.config.services.kindred.endpoints", value(endpoints));
    }
    return config;
  }

  private static ConfigValue value(Object plain) {
    return ConfigValueFactory.fromAnyRef(plain);
  }

  private static List<String> contactPoints(Settings settings, Optional<Ring> ring) {
    List<String> points = new ArrayList<>(settings.bootstrap().contactPoints());
    ring.ifPresent(
        known ->
            known.members().stream()
                .map(member -> member.host() + ":" + member.managementPort())
                .filter(point -> !points.contains(point))
                .forEach(points::add));
    return points;
  }

  private static Map<String, Object> endpoint(String point) {
    int colon = point.lastIndexOf(':');
    try {
      return Map.of(
          "host", point.substring(0, colon), "port", Integer.parseInt(point.substring(colon + 1)));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new ConfigException.BadValue(
          "kindred.bootstrap.contact-points", "'" + point + "' is not host:port", e);
    }
  }
}

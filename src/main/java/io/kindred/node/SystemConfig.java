package io.kindred.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.kindred.membership.ClockLimits;
import io.kindred.membership.RingSettings;
import io.kindred.ring.Member;
import io.kindred.ring.Ring;
import io.kindred.settings.Settings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
   * with a ring looks for the ring's voters as well, and may found one only when so many answer,
   * none of them clustered, that a majority of the voters must be among them: neither a single node
   * that restarts while cut off, nor a minority with nodes that were declared lost, begins a
   * cluster of its own.
   *
   * <p>Bootstrap counts answers, whoever gives them. So those known to be no voters are not asked,
   * and each contact point of which nothing is known counts against the founding. Where the contact
   * points come from elsewhere the lost may be among them, and then only a majority of all members
   * holds that of one place.
   */
  static Config bootstrap(Settings settings, Optional<Ring> ring) {
    boolean listed = settings.bootstrap().method().equals("config");
    List<String> points =
        ring.map(known -> contactPoints(settings, known))
            .orElse(settings.bootstrap().contactPoints());
    int planned = settings.ring().racks().size() * settings.ring().nodesPerRack();
    int required =
        ring.map(
                known -> listed ? majority(known, points) : majority(places(known, member -> true)))
            .orElse(planned);
    String prefix = "pekko.management.cluster.bootstrap.contact-point-discovery.";
    Config config =
        ConfigFactory.empty()
            .withValue(prefix + "required-contact-point-nr", value(required))
            .withValue(prefix + "contact-with-all-contact-points", value(ring.isEmpty()));
    if (listed) {
      List<Map<String, Object>> endpoints = points.stream().map(SystemConfig::endpoint).toList();
      config =
          config.withValue("pekko.discovery.config.services.kindred.endpoints", value(endpoints));
    }
    return config;
  }

  private static int majority(Set<String> places) {
    return places.size() / 2 + 1;
  }

  /** How many of these points hold a majority of the voters, whichever they are. */
  private static int majority(Ring ring, List<String> points) {
    Set<String> voters = places(ring, member -> !ring.isLost(member.id()));
    long unknown = points.stream().filter(point -> !voters.contains(point)).count();
    return majority(voters) + (int) unknown;
  }

  /** Where these of the ring's members are asked. */
  private static Set<String> places(Ring ring, Predicate<Member> which) {
    return ring.members().stream()
        .filter(which)
        .map(SystemConfig::place)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String place(Member member) {
    return member.host() + ":" + member.managementPort();
  }

  private static ConfigValue value(Object plain) {
    return ConfigValueFactory.fromAnyRef(plain);
  }

  private static List<String> contactPoints(Settings settings, Ring ring) {
    Set<String> points = new LinkedHashSet<>(settings.bootstrap().contactPoints());
    points.removeAll(places(ring, member -> ring.isLost(member.id())));
    ring.former().stream().map(SystemConfig::place).forEach(points::remove);
    // Last, since a voter may be where a lost node was.
    points.addAll(places(ring, member -> !ring.isLost(member.id())));
    return List.copyOf(points);
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

  /** A ring keeper's slice of the settings. */
  static RingSettings ring(Settings settings) {
    return new RingSettings(
        settings.ring().datacenter(),
        settings.ring().racks(),
        settings.ring().nodesPerRack(),
        settings.ring().shards(),
        settings.ring().declareLostAfter(),
        settings.ring().pulseInterval(),
        new ClockLimits(settings.clock().warnOffset(), settings.clock().fenceOffset()));
  }
}

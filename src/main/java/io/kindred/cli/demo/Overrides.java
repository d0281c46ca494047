package io.kindred.cli.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;

/** Settings given as {@code -Dkey=value}. */
public final class Overrides {

  private Overrides() {}

  /**
   * A value that begins with {@code [}, <code>{</code> or a quote is HOCON; any other is taken as
   * it stands, so that {@code #} or {@code :} in it need no quoting.
   *
   * @throws ConfigException where a key or a HOCON value cannot be read
   */
  public static Config of(Map<String, String> settings) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String key = setting.getKey();
      String value = setting.getValue();
      boolean hocon = !value.isEmpty() && "[{\"".indexOf(value.charAt(0)) >= 0;
      config =
          hocon
              ? ConfigFactory.parseString(key + " = " + value).withFallback(config)
              : config.withValue(key, ConfigValueFactory.fromAnyRef(value, "-D" + key));
    }
    return config;
  }
}

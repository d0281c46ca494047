package io.kindred.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {

  @Test
  void plainValuesNeedNoQuoting() {
    Config config =
        Overrides.of(
            Map.of("a.url", "redis://h:1/#x", "a.size", "2 MiB", "a.on", "on", "a.time", "3 s"));

    assertThat(config.getString("a.url")).isEqualTo("redis://h:1/#x");
    assertThat(config.getBytes("a.size")).isEqualTo(2 * 1024 * 1024);
    assertThat(config.getBoolean("a.on")).isTrue();
    assertThat(config.getDuration("a.time")).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void listsAndQuotedTextAreHocon() {
    Config config = Overrides.of(Map.of("a.list", "[x, y]", "a.text", "\" x \""));

    assertThat(config.getStringList("a.list")).containsExactly("x", "y");
    assertThat(config.getString("a.text")).isEqualTo(" x ");
  }

  @Test
  void whatCannotBeReadIsRefused() {
    assertThatThrownBy(() -> Overrides.of(Map.of("a", "[x"))).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> Overrides.of(Map.of("a..b", "1"))).isInstanceOf(ConfigException.class);
  }
}

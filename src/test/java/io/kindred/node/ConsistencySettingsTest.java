package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.kindred.settings.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencySettingsTest {

  @Test
  void theLongestWaitIsTaken() {
    assertThat(within("3s").consistency().within()).isEqualTo(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-1s", "3001ms"})
  void aWaitThatOutlivesItsStampsIsRefused(String within) {
    assertThatThrownBy(() -> within(within))
        .isInstanceOf(ConfigException.BadValue.class)
        .hasMessageContaining("kindred.consistency.within")
        .hasMessageContaining("at most 3000 ms");
  }

  private static Settings within(String within) {
    return Settings.from(
        ConfigFactory.parseMap(Map.of("kindred.consistency.within", within))
            .withFallback(ConfigFactory.load()));
  }
}

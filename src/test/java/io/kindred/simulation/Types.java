package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.KeyType;
import java.util.Optional;

/** Of which type of Redis's an element makes its key. */
final class Types {

  private Types() {}

  /** Empty for clear marks and expiries, which any key may have. */
  static Optional<KeyType> of(Element element) {
    return switch (element.kind()) {
      case STRING, COUNT -> Optional.of(KeyType.STRING);
      case FIELD -> Optional.of(KeyType.HASH);
      case MEMBER -> Optional.of(KeyType.SET);
      case TYPE -> Optional.of(KeyType.of(element.part()[0]));
      case CLEAR, EXPIRY -> Optional.empty();
    };
  }
}

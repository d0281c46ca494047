package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.KeyType;
import java.util.Optional;

/** Of which type of Redis's an element makes its key. */
final class Types {

  private Types() {}

  /** Empty for clear marks and expiries, which any key may have. */
  static Optional<KeyType> of(Element element) {
    KeyType type =
        element.kind() == Element.Kind.TYPE ? KeyType.of(element.part()[0]) : element.kind().type();
    return type == KeyType.NONE ? Optional.empty() : Optional.of(type);
  }
}

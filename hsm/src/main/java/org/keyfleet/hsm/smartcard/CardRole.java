package org.keyfleet.hsm.smartcard;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRole;

/** Roles as octets of the card, and what the applet lets a key of a role do. */
final class CardRole {
  private CardRole() {}

  static int octet(KeyRole role) {
    return switch (role) {
      case KEK_PARENT -> 1;
      case RELEASER -> 2;
      case MAC -> 3;
      case IDENTITY -> 4;
      case CHAIN -> 5;
    };
  }

  static Optional<KeyRole> of(int octet) {
    for (KeyRole role : KeyRole.values()) {
      if (octet(role) == octet) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  static Set<KeyFlag> flags(KeyRole role, KeyLifetime lifetime) {
    return switch (role) {
      case KEK_PARENT ->
          lifetime == KeyLifetime.PERSISTENT
              ? EnumSet.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP, KeyFlag.DERIVE)
              : EnumSet.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP);
      case CHAIN -> EnumSet.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP, KeyFlag.DERIVE);
      case RELEASER -> EnumSet.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP);
      case MAC -> EnumSet.of(KeyFlag.SENSITIVE, KeyFlag.SIGN);
      case IDENTITY -> EnumSet.of(KeyFlag.SENSITIVE, KeyFlag.SIGN, KeyFlag.DERIVE);
    };
  }
}

package org.keyfleet.hsm;

import java.util.Set;

/** One line of {@link KeyCustody#inventory}: a key as the token itself describes it. */
public record KeyRecord(KeyName name, KeyRole role, KeyLifetime lifetime, Set<KeyFlag> flags) {
  public KeyRecord {
    flags = Set.copyOf(flags);
  }
}

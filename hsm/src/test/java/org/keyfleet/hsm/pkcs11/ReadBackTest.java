package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRole;

/** A token that makes a key with one attribute more or less than asked is found out. */
final class ReadBackTest {
  @Test
  void eachRoleHasOneSetOfFlags() {
    assertFits(KeyRole.KEK_PARENT, KeyLifetime.SESSION, KeyFlag.UNWRAP);
    assertFits(KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT, KeyFlag.UNWRAP, KeyFlag.DERIVE);
    assertFits(KeyRole.RELEASER, KeyLifetime.SESSION, KeyFlag.UNWRAP);
    assertFits(KeyRole.RELEASER, KeyLifetime.PERSISTENT, KeyFlag.UNWRAP);
    assertFits(KeyRole.MAC, KeyLifetime.SESSION, KeyFlag.SIGN);
    assertFits(KeyRole.IDENTITY, KeyLifetime.PERSISTENT, KeyFlag.SIGN);
  }

  private static void assertFits(KeyRole role, KeyLifetime lifetime, KeyFlag... uses) {
    Set<KeyFlag> right = EnumSet.of(KeyFlag.SENSITIVE, uses);
    boolean persistent = lifetime == KeyLifetime.PERSISTENT;
    assertTrue(new ReadBack(right, persistent).fits(role, lifetime));
    assertFalse(new ReadBack(right, !persistent).fits(role, lifetime));
    for (KeyFlag flag : KeyFlag.values()) {
      Set<KeyFlag> changed = EnumSet.copyOf(right);
      if (!changed.remove(flag)) {
        changed.add(flag);
      }
      boolean harmless =
          flag == KeyFlag.NEVER_EXTRACTABLE || (flag == KeyFlag.DERIVE && role == KeyRole.IDENTITY);
      assertEquals(
          harmless, new ReadBack(changed, persistent).fits(role, lifetime), role + " " + flag);
    }
  }
}

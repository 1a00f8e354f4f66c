package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.testkit.SoftHsm;

class PinTriesTest {
  @ParameterizedTest
  @CsvSource({"0, ENOUGH", "10000, FEW", "30000, ONE", "20000, ONE", "70000, NONE", "40000, NONE"})
  void flagsOfTheTokenSayWhatIsLeft(String hexFlags, PinTries tries) {
    assertEquals(tries, PinTries.ofFlags(Long.parseLong(hexFlags, 16) | 0x40d));
  }

  @Test
  void theLastTryIsSpentByAPersonOnly() throws Exception {
    PinTries.ENOUGH.require("t", Set.of(), false);
    PinTries.FEW.require("t", Set.of(), false);
    PinTries.ONE.require("t", Set.of(), true);
    assertRefused(CustodyFault.PIN_LAST_TRY, PinTries.ONE, false);
    assertRefused(CustodyFault.PIN_LOCKED, PinTries.NONE, false);
    assertRefused(CustodyFault.PIN_LOCKED, PinTries.NONE, true);
  }

  private static void assertRefused(CustodyFault fault, PinTries tries, boolean lastTry) {
    CustodyException refused =
        assertThrows(CustodyException.class, () -> tries.require("t", Set.of(), lastTry));
    assertEquals(fault, refused.fault());
  }

  @Test
  void aWrongPinSaysThatTriesRunOut() throws Exception {
    Pkcs11Uri uri = SoftHsm.newToken("tries", "123456".toCharArray());
    try (KeyCustody custody =
        CustodyFactory.of(new CustodyConfig.Pkcs11(uri, false), new SecureRandom())) {
      CustodyException wrong =
          assertThrows(CustodyException.class, () -> custody.open("654321".toCharArray()));
      assertEquals(CustodyFault.PIN, wrong.fault());
      String text = String.valueOf(wrong.getMessage());
      assertTrue(text.contains("; few tries are left"), text);
      custody.open("123456".toCharArray());
      assertTrue(custody.alive());
    }
  }
}

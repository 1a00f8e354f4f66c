package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.Slot;

/** Several tokens behind one library in one process, and how tokens are named. */
final class SharedLibraryTest {
  private static final String PIN = "1234-x";
  private static final KeyName NAME = KeyName.of("identity");

  @BeforeEach
  void needsSoftHsm() {
    SoftHsm.require();
  }

  @Test
  void closingOneTokenLeavesTheOtherOpen() throws Exception {
    KeyCustody one = opened(newToken());
    KeyCustody two = opened(newToken());
    try (one;
        two) {
      KeyRef first = one.generateIdentity(NAME, IdentityAlgorithm.P256);
      KeyRef second = two.generateIdentity(NAME, IdentityAlgorithm.P256);
      assertNotEquals(one.publicKeyInfo(first), two.publicKeyInfo(second));
      assertThrows(IllegalArgumentException.class, () -> one.publicKeyInfo(second));

      two.recover(PIN.toCharArray());
      assertTrue(one.alive());
      one.close();
      assertTrue(two.alive());
      assertFalse(two.sign(two.find(NAME).orElseThrow(), Bytes.of(1)).isEmpty());
    }
  }

  @Test
  void missingLibraryAndTokenAreNamed() throws Exception {
    assertOpenFails("pkcs11:token=x?module-path=/nowhere/lib.so", "no PKCS#11 library");
    assertOpenFails("pkcs11:token=x", "module-path");
    String library = SoftHsm.library().orElseThrow().toString();
    assertOpenFails("pkcs11:token=nobody?module-path=" + library, "no token");
    newToken();
    newToken();
    assertOpenFails("pkcs11:model=SoftHSM%20v2?module-path=" + library, "tokens match");
  }

  @Test
  void initialisedTokenIsNotTouched() throws Exception {
    Pkcs11Uri uri = newToken();
    CustodyException thrown =
        assertThrows(
            CustodyException.class,
            () -> TokenInit.initialize(uri, "12345678".toCharArray(), "other".toCharArray()));
    assertEquals(CustodyFault.EXISTS, thrown.fault());
    opened(uri).close();
  }

  @Test
  void shortPinIsRefusedAndChangesNothing() throws Exception {
    Pkcs11Uri uri = Pkcs11Uri.ofToken(SoftHsm.library().orElseThrow().toString(), "short-pin");
    char[] officer = "12345678".toCharArray();
    for (int i = 0; i < 2; i++) {
      CustodyException thrown =
          assertThrows(
              CustodyException.class, () -> TokenInit.initialize(uri, officer, "1".toCharArray()));
      assertEquals(CustodyFault.PIN, thrown.fault());
    }
    TokenInit.initialize(uri, officer, PIN.toCharArray());
    opened(uri).close();
  }

  /** A power cut between C_InitToken and C_InitPIN. */
  @Test
  void halfInitialisedTokenIsFinished() throws Exception {
    Pkcs11Uri uri = Pkcs11Uri.ofToken(SoftHsm.library().orElseThrow().toString(), "half-made");
    char[] officer = "12345678".toCharArray();
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      for (Slot slot : library.slots()) {
        if (!slot.getToken().getTokenInfo().isTokenInitialized()) {
          char[] label = "half-made                       ".toCharArray();
          library.module().getPKCS11Module().C_InitToken(slot.getSlotID(), officer, label, true);
        }
      }
    } finally {
      library.release();
    }
    TokenInit.initialize(uri, officer, PIN.toCharArray());
    opened(uri).close();
  }

  private static void assertOpenFails(String uri, String text) {
    CustodyException thrown =
        assertThrows(CustodyException.class, () -> opened(Pkcs11Uri.parse(uri)).close());
    assertEquals(CustodyFault.TOKEN_GONE, thrown.fault());
    assertTrue(thrown.toString().contains(text), thrown.getMessage());
  }

  private static Pkcs11Uri newToken() throws CustodyException {
    return SoftHsm.newToken("shared", PIN.toCharArray());
  }

  private static KeyCustody opened(Pkcs11Uri uri) throws CustodyException {
    KeyCustody custody = CustodyFactory.of(new CustodyConfig.Pkcs11(uri), new SecureRandom());
    custody.open(PIN.toCharArray());
    return custody;
  }
}

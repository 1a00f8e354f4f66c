package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class KnownTokensTest {
  @Test
  void unknownTokensHaveNoQuirks() {
    assertEquals(Set.of(), KnownTokens.quirks("SoftHSM", "Implementation of PKCS11"));
    assertEquals(Set.of(), KnownTokens.quirks("", ""));
    assertEquals(Set.of(), KnownTokens.quirks("IBM", "another library"));
  }

  @Test
  void libraryTellsTheToken() {
    assertEquals(
        Set.of(Quirk.UNWRAP_IGNORES_ATTRIBUTES), KnownTokens.quirks("IBM", "Meta PKCS11 LIBRARY"));
    assertFalse(KnownTokens.quirks("tpm2-software.github.io", "TPM2.0 Cryptoki").isEmpty());
  }
}

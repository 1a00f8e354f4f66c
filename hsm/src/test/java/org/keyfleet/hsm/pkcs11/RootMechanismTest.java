package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.hsm.soft.StoreSeal;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.Session;

/** Both ways in which a root key computes, on a token that has both. */
final class RootMechanismTest {
  private static final String PIN = "1234-x";

  @ParameterizedTest
  @EnumSource
  void isAFunctionOfKeyAndLabel(RootMechanism mechanism) throws Exception {
    Pkcs11Uri uri = SoftHsm.newToken("root", PIN.toCharArray());
    try (RawSession raw = new RawSession(uri, PIN)) {
      Session session = raw.session();
      long one = mechanism.make(session, new byte[] {1})[0];
      long two = mechanism.make(session, new byte[] {2})[0];
      assertTrue(mechanism.isSound(session, one));
      byte[] first = mechanism.evaluate(session, one, Bytes.of(7));
      assertEquals(StoreSeal.KEY_OCTETS, first.length);
      assertArrayEquals(first, mechanism.evaluate(session, one, Bytes.of(7)));
      assertFalse(Arrays.equals(first, mechanism.evaluate(session, one, Bytes.of(8))));
      assertFalse(Arrays.equals(first, mechanism.evaluate(session, two, Bytes.of(7))));
    }
  }
}

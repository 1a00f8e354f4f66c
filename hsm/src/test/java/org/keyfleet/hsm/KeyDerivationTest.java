package org.keyfleet.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** Against the platform's own AES. */
final class KeyDerivationTest {
  @Test
  void isAesOfTheLabelsDigest() throws Exception {
    for (int octets : new int[] {16, 24, 32}) {
      byte[] key = new byte[octets];
      key[1] = (byte) octets;
      Bytes label = Bytes.ofUtf8("label " + octets);
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      Bytes expected =
          Bytes.copyOf(aes.doFinal(MessageDigest.getInstance("SHA-256").digest(label.toArray())));
      try (SecretBytes parent = SecretBytes.takeFrom(key);
          SecretBytes child = KeyDerivation.derive(parent, label)) {
        assertEquals(expected, child.use(Bytes::copyOf));
      }
    }
  }
}

package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SkCipher;

/** Keys and headers of an IKE SA that both ends of a test share. */
final class TestKeys {
  static final IkeSpi SPI_I = new IkeSpi(0xa1a2a3a4a5a6a7a8L);
  static final IkeSpi SPI_R = new IkeSpi(0xb1b2b3b4b5b6b7b8L);

  private TestKeys() {}

  static IkeSaKeys of(SkCipher cipher) {
    try (SecretBytes shared = SecretBytes.takeFrom(new byte[] {1, 2, 3})) {
      return KeySchedule.derive(
          Prf.HMAC_SHA2_256,
          cipher,
          Bytes.fromHex("11".repeat(32)),
          Bytes.fromHex("22".repeat(32)),
          SPI_I,
          SPI_R,
          shared);
    }
  }

  static IkeHeader request(ExchangeType exchange, long messageId) {
    return new IkeHeader(SPI_I, SPI_R, exchange, true, false, messageId);
  }
}

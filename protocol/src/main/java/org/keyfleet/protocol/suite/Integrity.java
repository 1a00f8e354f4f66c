package org.keyfleet.protocol.suite;

import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** Integrity algorithms, Transform Type 3 (RFC 4868): HMAC-SHA2 cut to half its length. */
enum Integrity {
  AUTH_HMAC_SHA2_256_128(12, Prf.HMAC_SHA2_256),
  AUTH_HMAC_SHA2_384_192(13, Prf.HMAC_SHA2_384),
  AUTH_HMAC_SHA2_512_256(14, Prf.HMAC_SHA2_512);

  private final int transformId;
  private final Prf prf;

  Integrity(int transformId, Prf prf) {
    this.transformId = transformId;
    this.prf = prf;
  }

  static Optional<Integrity> ofTransformId(int transformId) {
    for (Integrity integrity : values()) {
      if (integrity.transformId == transformId) {
        return Optional.of(integrity);
      }
    }
    return Optional.empty();
  }

  int keyOctets() {
    return prf.outputOctets();
  }

  int icvOctets() {
    return prf.outputOctets() / 2;
  }

  Bytes icv(SecretBytes key, Bytes... covered) {
    try (SecretBytes mac = prf.mac(key, covered)) {
      return mac.use(octets -> Bytes.copyOf(octets, 0, icvOctets()));
    }
  }
}

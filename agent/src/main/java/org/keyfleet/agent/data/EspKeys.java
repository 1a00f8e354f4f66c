package org.keyfleet.agent.data;

import java.util.Optional;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SkCipher;

/** The cipher and key of one ESP SA: AES-GCM-16 (RFC 4106) or ChaCha20-Poly1305 (RFC 7634). */
final class EspKeys implements AutoCloseable {
  private final SkCipher cipher;
  private final SecretBytes key;

  private EspKeys(SkCipher cipher, SecretBytes key) {
    this.cipher = cipher;
    this.key = key;
  }

  /** The cipher of a policy; empty for one that this data plane cannot do. */
  static Optional<SkCipher> cipher(DataSaPolicy policy) {
    if (policy.id().protocol() != ProtocolId.ESP) {
      return Optional.empty();
    }
    Optional<SkCipher> cipher =
        SkCipher.of(
            policy.cipher().encryptionId(),
            policy.cipher().keyBits(),
            policy.cipher().integrityId());
    return cipher.isPresent() && cipher.get().aead() ? cipher : Optional.empty();
  }

  /** Takes ownership of {@code keyingMaterial}. */
  static EspKeys of(SkCipher cipher, SecretBytes keyingMaterial) {
    return new EspKeys(cipher, keyingMaterial);
  }

  /** The whole ESP packet. */
  Bytes seal(long spi, long sequence, long iv, byte[] padded) {
    Bytes associated = EspPacket.associatedData(spi, sequence);
    Bytes ivOctets = new ByteWriter().u64(iv).toBytes();
    try (SecretBytes none = SecretBytes.takeFrom(new byte[0])) {
      return Bytes.concat(associated, cipher.seal(key, none, ivOctets, associated, padded));
    }
  }

  EspPacket.Content open(EspPacket packet) throws NotAuthenticException, MalformedMessageException {
    try (SecretBytes none = SecretBytes.takeFrom(new byte[0])) {
      return EspPacket.unpad(cipher.open(key, none, packet.associatedData(), packet.sealed()));
    }
  }

  /** A copy for the key download's journal; the caller closes it. */
  SecretBytes copy() {
    return key.copy();
  }

  @Override
  public void close() {
    key.close();
  }
}

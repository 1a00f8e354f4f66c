package org.keyfleet.protocol.ike;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Lines of Wireshark's key tables: {@code ikev2_decryption_table} for IKE SAs and Rekey SAs, {@code
 * esp_sa} for ESP. Whoever has them reads everything: for debugging alone.
 */
public final class WiresharkTables {
  private WiresharkTables() {}

  /**
   * One IKE SA, or a Rekey SA with the same keys in both directions.
   *
   * @param integrityId 0 with an AEAD cipher
   */
  public static String insecureIkeLine(
      Bytes initiatorSpi,
      Bytes responderSpi,
      int encryptionId,
      int keyBits,
      int integrityId,
      SecretBytes initiatorEncryption,
      SecretBytes responderEncryption,
      SecretBytes initiatorIntegrity,
      SecretBytes responderIntegrity) {
    return initiatorSpi.hex()
        + ","
        + responderSpi.hex()
        + ","
        + hex(initiatorEncryption)
        + ","
        + hex(responderEncryption)
        + ","
        + quoted(ikeCipher(encryptionId, keyBits))
        + ","
        + hex(initiatorIntegrity)
        + ","
        + hex(responderIntegrity)
        + ","
        + quoted(integrity(integrityId));
  }

  /**
   * One ESP SA to a group address, with AES-GCM or ChaCha20-Poly1305.
   *
   * @param destination 4 or 16 octets
   * @param spi 4 octets
   */
  public static String insecureEspLine(
      Bytes destination, Bytes spi, int encryptionId, SecretBytes key) {
    String cipher =
        encryptionId == TransformIds.ENCR_AES_GCM_16
            ? "AES-GCM with 16 octet ICV [RFC4106]"
            : "ChaCha20 with Poly1305 [RFC7634]";
    return quoted(destination.size() == 4 ? "IPv4" : "IPv6")
        + ","
        + quoted("*")
        + ","
        + quoted(address(destination))
        + ","
        + quoted("0x" + spi.hex())
        + ","
        + quoted(cipher)
        + ","
        + quoted("0x" + hex(key))
        + ","
        + quoted("NULL")
        + ","
        + quoted("");
  }

  private static String address(Bytes octets) {
    try {
      return InetAddress.getByAddress(octets.toArray()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + octets.size() + " octets", e);
    }
  }

  private static String ikeCipher(int encryptionId, int keyBits) {
    return switch (encryptionId) {
      case TransformIds.ENCR_AES_GCM_16 -> "AES-GCM-" + keyBits + " with 16 octet ICV [RFC5282]";
      case TransformIds.ENCR_AES_CBC -> "AES-CBC-" + keyBits + " [RFC3602]";
      default -> "CHACHA20-POLY1305 [RFC7634]";
    };
  }

  private static String integrity(int integrityId) {
    return switch (integrityId) {
      case TransformIds.AUTH_HMAC_SHA2_256_128 -> "HMAC_SHA2_256_128 [RFC4868]";
      case TransformIds.AUTH_HMAC_SHA2_384_192 -> "HMAC_SHA2_384_192 [RFC4868]";
      case TransformIds.AUTH_HMAC_SHA2_512_256 -> "HMAC_SHA2_512_256 [RFC4868]";
      default -> "NONE [RFC4306]";
    };
  }

  private static String hex(SecretBytes secret) {
    return secret.use(HexFormat.of()::formatHex);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}

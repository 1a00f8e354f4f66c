package org.keyfleet.protocol.suite;

import java.util.Optional;

/**
 * AlgorithmIdentifier of RSASSA-PSS (RFC 4055 section 3.1) with one hash for message and MGF1, and
 * a salt of the hash's length. We send DER: the hash with NULL parameters, no default trailerField.
 */
enum PssIdentifier {
  SHA2_256("01", "20"),
  SHA2_384("02", "30"),
  SHA2_512("03", "40");

  private static final String SEQUENCE = "30";
  private static final String RSASSA_PSS = "06092a864886f70d01010a";
  private static final String MGF1 = "06092a864886f70d010108";

  /** 2.16.840.1.101.3.4.2, the arc of the SHA-2 hashes, without its last number. */
  private static final String SHA2 = "060960864801650304" + "02";

  private final String hash;
  private final String saltOctets;

  PssIdentifier(String hash, String saltOctets) {
    this.hash = hash;
    this.saltOctets = saltOctets;
  }

  /**
   * The hash that {@code hex} names in any encoding we accept: by RFC 4055 section 2.1 the hash's
   * parameters are NULL or absent, and RFC 7427 appendix A.4.3 writes the default trailerField out.
   */
  static Optional<PssIdentifier> ofDer(String hex) {
    for (PssIdentifier identifier : values()) {
      for (int form = 0; form < 8; form++) {
        if (identifier.der((form & 1) != 0, (form & 2) != 0, (form & 4) != 0).equals(hex)) {
          return Optional.of(identifier);
        }
      }
    }
    return Optional.empty();
  }

  /** What we send, in hex. */
  String der() {
    return der(true, true, false);
  }

  private String der(boolean hashNull, boolean mgfHashNull, boolean trailer) {
    String parameters =
        tlv("a0", hashIdentifier(hashNull))
            + tlv("a1", tlv(SEQUENCE, MGF1 + hashIdentifier(mgfHashNull)))
            + tlv("a2", tlv("02", saltOctets))
            + (trailer ? tlv("a3", tlv("02", "01")) : "");
    return tlv(SEQUENCE, RSASSA_PSS + tlv(SEQUENCE, parameters));
  }

  private String hashIdentifier(boolean withNull) {
    return tlv(SEQUENCE, SHA2 + hash + (withNull ? "0500" : ""));
  }

  /** Every content here is under 128 octets. */
  private static String tlv(String tag, String content) {
    return tag + String.format("%02x", content.length() / 2) + content;
  }
}

package org.keyfleet.protocol.ike;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.protocol.octets.Bytes;

/**
 * One algorithm of a proposal or of a group SA policy (RFC 7296 section 3.3.2). Types and IDs stay
 * numbers: an unknown one makes a proposal unacceptable, not the message malformed.
 *
 * @param type 0 to 255, see {@link TransformType}
 * @param id 0 to 65535
 */
public record Transform(int type, int id, List<TransformAttribute> attributes) {
  public Transform {
    if (type < 0 || type > 0xff || id < 0 || id > 0xffff) {
      throw new IllegalArgumentException("transform " + type + " id " + id);
    }
    attributes = List.copyOf(attributes);
  }

  public static Transform of(TransformType type, int id) {
    return new Transform(type.code(), id, List.of());
  }

  /** A cipher of variable key length. */
  public static Transform encryption(int id, int keyBits) {
    return new Transform(
        TransformType.ENCR.code(), id, List.of(TransformAttribute.keyLength(keyBits)));
  }

  public boolean is(TransformType wanted) {
    return type == wanted.code();
  }

  /** The Key Length attribute in bits; empty when it is absent. */
  public OptionalInt keyBits() {
    for (TransformAttribute attribute : attributes) {
      if (attribute.type() == TransformAttribute.KEY_LENGTH && attribute.inline()) {
        return OptionalInt.of(attribute.u16());
      }
    }
    return OptionalInt.empty();
  }

  /** The DER AlgorithmIdentifier of a GCAUTH transform (RFC 9838 section 4.4.2.1.1). */
  public Optional<Bytes> signatureAlgorithm() {
    for (TransformAttribute attribute : attributes) {
      if (attribute.type() == TransformAttribute.SIGNATURE_ALGORITHM_IDENTIFIER
          && !attribute.inline()) {
        return Optional.of(attribute.value());
      }
    }
    return Optional.empty();
  }
}

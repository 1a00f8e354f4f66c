package org.keyfleet.protocol.gikev2;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformAttribute;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.ike.TransformType;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** How the GCKS authenticates its GSA_REKEY messages (GCAUTH, RFC 9838 section 4.4.2.1.1). */
public sealed interface RekeyAuthentication {

  /** By the ICV alone: whoever knows the KEK can send. NOT RECOMMENDED but for small groups. */
  record Implicit() implements RekeyAuthentication {}

  /**
   * By a signature in an AUTH payload.
   *
   * @param algorithmIdentifier DER AlgorithmIdentifier (RFC 7427 section 3)
   */
  record DigitalSignature(Bytes algorithmIdentifier) implements RekeyAuthentication {
    private static final int MAX_OCTETS = 255; // RFC 7427 section 3: its length is one octet

    public DigitalSignature {
      if (algorithmIdentifier.isEmpty() || algorithmIdentifier.size() > MAX_OCTETS) {
        throw new IllegalArgumentException(
            "AlgorithmIdentifier: " + algorithmIdentifier.size() + " octets");
      }
    }
  }

  /**
   * A method of another specification; a member that meets it refuses the policy.
   *
   * @param id GCAUTH transform ID
   */
  record Unsupported(int id) implements RekeyAuthentication {}

  static RekeyAuthentication of(Transform transform) throws MalformedMessageException {
    Optional<Bytes> algorithm = transform.signatureAlgorithm();
    if (transform.id() == TransformIds.GCAUTH_DIGITAL_SIGNATURE) {
      // "the GCKS MUST include the Signature Algorithm Identifier attribute"
      Bytes der =
          algorithm.orElseThrow(() -> new MalformedMessageException("GCAUTH: no algorithm"));
      if (der.isEmpty() || der.size() > DigitalSignature.MAX_OCTETS) {
        throw new MalformedMessageException("GCAUTH algorithm: " + der.size() + " octets");
      }
      return new DigitalSignature(der);
    }
    // "... and MUST NOT be used with other transform IDs."
    if (algorithm.isPresent()) {
      throw new MalformedMessageException("GCAUTH " + transform.id() + ": with an algorithm");
    }
    return transform.id() == TransformIds.GCAUTH_IMPLICIT
        ? new Implicit()
        : new Unsupported(transform.id());
  }

  /** The GCAUTH transform. */
  default Transform transform() {
    if (this instanceof DigitalSignature signature) {
      return new Transform(
          TransformType.GCAUTH.code(),
          TransformIds.GCAUTH_DIGITAL_SIGNATURE,
          List.of(TransformAttribute.signatureAlgorithm(signature.algorithmIdentifier())));
    }
    int id = this instanceof Unsupported other ? other.id() : TransformIds.GCAUTH_IMPLICIT;
    return Transform.of(TransformType.GCAUTH, id);
  }
}

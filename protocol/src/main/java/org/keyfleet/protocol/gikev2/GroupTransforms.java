package org.keyfleet.protocol.gikev2;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformAttribute;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.ike.TransformType;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The transforms of one group SA policy, each type once (RFC 9838 section 4.4.2.1, table of valid
 * transform types).
 */
final class GroupTransforms {
  private static final Set<Integer> KNOWN_ATTRIBUTES =
      Set.of(TransformAttribute.KEY_LENGTH, TransformAttribute.SIGNATURE_ALGORITHM_IDENTIFIER);

  private final Map<TransformType, Transform> byType = new EnumMap<>(TransformType.class);

  private GroupTransforms() {}

  /**
   * "Exactly one instance of each mandatory transform type and at most one instance of each
   * optional transform type MUST be present in the GSA policy substructure."
   */
  static GroupTransforms of(
      List<Transform> transforms, Set<TransformType> mandatory, Set<TransformType> optional)
      throws MalformedMessageException {
    GroupTransforms result = new GroupTransforms();
    for (Transform transform : transforms) {
      TransformType type =
          TransformType.ofCode(transform.type())
              .filter(known -> mandatory.contains(known) || optional.contains(known))
              .orElseThrow(
                  () -> new MalformedMessageException("transform type " + transform.type()));
      requireKnownAttributes(transform);
      if (result.byType.put(type, transform) != null) {
        throw new MalformedMessageException("transform " + type + ": twice");
      }
    }
    for (TransformType type : mandatory) {
      if (!result.byType.containsKey(type)) {
        throw new MalformedMessageException("transform " + type + ": missing");
      }
    }
    return result;
  }

  Optional<Transform> find(TransformType type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** The ID of a mandatory transform, or 0 where an optional one is absent. */
  int id(TransformType type) {
    return find(type).map(Transform::id).orElse(0);
  }

  CipherSuite cipher() throws MalformedMessageException {
    Optional<Transform> encryption = find(TransformType.ENCR);
    if (encryption.isPresent() && encryption.get().id() == CipherSuite.NO_ENCRYPTION) {
      throw new MalformedMessageException("transform ENCR: id 0 is reserved");
    }
    int keyBits = encryption.map(transform -> transform.keyBits().orElse(0)).orElse(0);
    CipherSuite suite = new CipherSuite(id(TransformType.ENCR), keyBits, id(TransformType.INTEG));
    if (suite.isAead() && suite.integrityId() != TransformIds.INTEG_NONE) {
      throw new MalformedMessageException("transform INTEG: beside an AEAD cipher");
    }
    return suite;
  }

  /** RFC 7296 section 3.3.6: a transform with an attribute not understood is not acceptable. */
  private static void requireKnownAttributes(Transform transform) throws MalformedMessageException {
    for (TransformAttribute attribute : transform.attributes()) {
      if (!KNOWN_ATTRIBUTES.contains(attribute.type())) {
        throw new MalformedMessageException("transform attribute " + attribute.type());
      }
    }
  }
}

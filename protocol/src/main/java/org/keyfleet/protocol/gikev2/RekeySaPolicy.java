package org.keyfleet.protocol.gikev2;

import static org.keyfleet.protocol.ike.TransformType.ENCR;
import static org.keyfleet.protocol.ike.TransformType.GCAUTH;
import static org.keyfleet.protocol.ike.TransformType.INTEG;
import static org.keyfleet.protocol.ike.TransformType.KWA;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Policy of the Rekey SA ("GSA KEK policy", RFC 9838 section 4.4.2).
 *
 * @param id GIKE_UPDATE and 16 octets
 * @param source where GSA_REKEY messages come from; may be a wildcard
 * @param destination the one multicast address and UDP port they go to
 * @param cipher protects the messages; not an implicit-IV cipher (section 2.7)
 * @param keyWrapId Key Wrap Algorithm transform ID, 1 to 65535
 * @param authentication GCAUTH; at registration only, empty in a GSA_REKEY
 */
public record RekeySaPolicy(
    GroupSaId id,
    TrafficSelector source,
    TrafficSelector destination,
    CipherSuite cipher,
    int keyWrapId,
    Optional<RekeyAuthentication> authentication,
    SaAttributes attributes)
    implements SaPolicy {
  private static final int UDP = 17;

  public RekeySaPolicy {
    if (!id.isRekeySa() || keyWrapId < 1 || keyWrapId > 0xffff) {
      throw new IllegalArgumentException(id + " with key wrap " + keyWrapId);
    }
    Optional<String> fault = fault(destination, cipher);
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  static RekeySaPolicy of(
      GroupSaId id,
      TrafficSelector source,
      TrafficSelector destination,
      List<Transform> list,
      SaAttributes attributes)
      throws MalformedMessageException {
    GroupTransforms transforms = GroupTransforms.of(list, Set.of(ENCR, KWA), Set.of(INTEG, GCAUTH));
    CipherSuite cipher = transforms.cipher();
    Optional<String> fault = fault(destination, cipher);
    if (fault.isPresent()) {
      throw new MalformedMessageException(fault.get());
    }
    int keyWrap = transforms.id(KWA);
    if (keyWrap == 0) {
      throw new MalformedMessageException("transform KWA: id 0 is reserved");
    }
    Optional<Transform> gcauth = transforms.find(GCAUTH);
    Optional<RekeyAuthentication> authentication =
        gcauth.isPresent() ? Optional.of(RekeyAuthentication.of(gcauth.get())) : Optional.empty();
    return new RekeySaPolicy(id, source, destination, cipher, keyWrap, authentication, attributes);
  }

  private static Optional<String> fault(TrafficSelector destination, CipherSuite cipher) {
    if (cipher.encryptionId() == CipherSuite.NO_ENCRYPTION) {
      return Optional.of("Rekey SA: no encryption");
    }
    // Section 2.7: "such transforms MUST NOT be used for any G-IKEv2 SA"
    if (cipher.isImplicitIv()) {
      return Optional.of("Rekey SA: cipher with implicit IV");
    }
    // Section 4.4.2.1, note (*): INTEG "MUST be specified" without AEAD
    if (!cipher.isAead() && cipher.integrityId() == 0) {
      return Optional.of("Rekey SA: no integrity algorithm");
    }
    // "the destination traffic selectors MUST define a single multicast IP address, an IP protocol
    // (assumed to be UDP) and a single port"
    if (!destination.isSingle() || !isMulticast(destination) || destination.ipProtocol() != UDP) {
      return Optional.of("Rekey SA: destination is not one UDP port of one multicast address");
    }
    return Optional.empty();
  }

  private static boolean isMulticast(TrafficSelector selector) {
    int first = selector.start().at(0);
    return selector.start().size() == 4 ? first >> 4 == 0xe : first == 0xff;
  }

  /** The same policy as a GSA_REKEY carries it: GCAUTH "MUST NOT appear in the rekey messages". */
  public RekeySaPolicy withoutAuthentication() {
    return new RekeySaPolicy(
        id, source, destination, cipher, keyWrapId, Optional.empty(), attributes);
  }

  public RekeySaPolicy withAttributes(SaAttributes changed) {
    return new RekeySaPolicy(id, source, destination, cipher, keyWrapId, authentication, changed);
  }

  @Override
  public List<Transform> transforms() {
    List<Transform> transforms = new ArrayList<>(cipher.transforms());
    authentication.ifPresent(method -> transforms.add(method.transform()));
    transforms.add(Transform.of(KWA, keyWrapId));
    return transforms;
  }
}

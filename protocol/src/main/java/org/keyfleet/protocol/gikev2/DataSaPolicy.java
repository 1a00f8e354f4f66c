package org.keyfleet.protocol.gikev2;

import static org.keyfleet.protocol.ike.TransformType.ENCR;
import static org.keyfleet.protocol.ike.TransformType.INTEG;
import static org.keyfleet.protocol.ike.TransformType.SN;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Policy of a Data-Security SA ("GSA TEK policy", RFC 9838 section 4.4.2).
 *
 * @param id AH or ESP and 4 octets
 * @param source senders; often a wildcard
 * @param destination usually one multicast address
 * @param cipher for AH an integrity algorithm only
 * @param attributes without GSA_INITIAL_MESSAGE_ID
 */
public record DataSaPolicy(
    GroupSaId id,
    TrafficSelector source,
    TrafficSelector destination,
    CipherSuite cipher,
    SequenceNumbers sequenceNumbers,
    SaAttributes attributes)
    implements SaPolicy {

  public DataSaPolicy {
    if (id.isRekeySa()) {
      throw new IllegalArgumentException(id + " as Data-Security SA");
    }
    Optional<String> fault = fault(id, cipher, sequenceNumbers, attributes);
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  static DataSaPolicy of(
      GroupSaId id,
      TrafficSelector source,
      TrafficSelector destination,
      List<Transform> list,
      SaAttributes attributes)
      throws MalformedMessageException {
    GroupTransforms transforms =
        id.protocol() == ProtocolId.ESP
            ? GroupTransforms.of(list, Set.of(ENCR, SN), Set.of(INTEG))
            : GroupTransforms.of(list, Set.of(INTEG, SN), Set.of());
    CipherSuite cipher = transforms.cipher();
    SequenceNumbers numbers =
        SequenceNumbers.ofTransformId(transforms.id(SN))
            .orElseThrow(
                () -> new MalformedMessageException("transform SN: id " + transforms.id(SN)));
    Optional<String> fault = fault(id, cipher, numbers, attributes);
    if (fault.isPresent()) {
      throw new MalformedMessageException(fault.get());
    }
    return new DataSaPolicy(id, source, destination, cipher, numbers, attributes);
  }

  private static Optional<String> fault(
      GroupSaId id, CipherSuite cipher, SequenceNumbers numbers, SaAttributes attributes) {
    boolean encrypts = cipher.encryptionId() != CipherSuite.NO_ENCRYPTION;
    if (encrypts != (id.protocol() == ProtocolId.ESP)) {
      return Optional.of(id + ": ENCR " + cipher.encryptionId());
    }
    if (!encrypts && cipher.integrityId() == 0) {
      return Optional.of(id + ": no integrity algorithm");
    }
    // Section 2.7: "Unless the properties of sequence numbers for a multicast ESP SA include their
    // uniqueness, encryption transforms that rely on Sequence Number for IV ... MUST NOT be used."
    if (cipher.isImplicitIv() && numbers != SequenceNumbers.SEQUENTIAL_32) {
      return Optional.of(id + ": implicit IV without unique sequence numbers");
    }
    // Section 4.4.2.2, column "Used in Protocol"
    if (attributes.initialMessageId().isPresent()) {
      return Optional.of(id + ": GSA_INITIAL_MESSAGE_ID");
    }
    return Optional.empty();
  }

  @Override
  public List<Transform> transforms() {
    List<Transform> transforms = new ArrayList<>(cipher.transforms());
    transforms.add(Transform.of(SN, sequenceNumbers.transformId()));
    return transforms;
  }
}

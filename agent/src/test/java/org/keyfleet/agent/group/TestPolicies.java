package org.keyfleet.agent.group;

import java.util.Optional;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.RekeyAuthentication;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** Policies of a small group, for tests. */
final class TestPolicies {
  private static final Bytes SERVER = Bytes.fromHex("0a4d0001");

  private TestPolicies() {}

  /** AES-GCM-256, KW_5649_256, implicit authentication. */
  static RekeySaPolicy rekeySa(int number) {
    return new RekeySaPolicy(
        GroupSaId.rekey(Bytes.fromHex("%032x".formatted(number))),
        TrafficSelector.of(17, SERVER, 848),
        TrafficSelector.of(17, Bytes.fromHex("efc00001"), 848),
        CipherSuite.aead(TransformIds.ENCR_AES_GCM_16, 256),
        KeyWrap.KW_5649_256.transformId(),
        Optional.of(new RekeyAuthentication.Implicit()),
        SaAttributes.lifetime(86_400));
  }

  /** AES-GCM-128, a counter mode. */
  static DataSaPolicy dataSa(int spi) {
    return new DataSaPolicy(
        GroupSaId.esp(Bytes.fromHex("%08x".formatted(spi))),
        TrafficSelector.of(17, SERVER, 0),
        TrafficSelector.of(17, Bytes.fromHex("efc00002"), 5000),
        CipherSuite.aead(TransformIds.ENCR_AES_GCM_16, 128),
        SequenceNumbers.UNSPECIFIED_32,
        SaAttributes.lifetime(3600));
  }
}

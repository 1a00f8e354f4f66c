package org.keyfleet.agent.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.CertPayload;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadType;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.UnknownPayload;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** Payloads that fit, nearly fit, or are nothing at all. */
final class AnyPayloads {
  private static final GroupSaId ESP = GroupSaId.esp(Bytes.fromHex("c1c1c1c1"));
  private static final TrafficSelector ANY =
      new TrafficSelector(17, 0, 65535, Bytes.fromHex("00000000"), Bytes.fromHex("ffffffff"));
  private static final Payload GSA =
      new GroupPolicy(
              Optional.empty(),
              List.of(
                  new DataSaPolicy(
                      ESP,
                      ANY,
                      TrafficSelector.of(17, Bytes.fromHex("ef010203"), 848),
                      CipherSuite.aead(20, 256),
                      SequenceNumbers.UNSPECIFIED_32,
                      SaAttributes.lifetime(3600))),
              Optional.empty())
          .toPayload();
  private static final Payload KD =
      new KeyDownload(
              List.of(GroupKeyBag.of(ESP, new WrappedKey(0, 0, Bytes.fromHex("55".repeat(48))))),
              MemberKeyBag.EMPTY)
          .toPayload(java.util.OptionalInt.empty());

  private final Choices choices;

  AnyPayloads(Choices choices) {
    this.choices = choices;
  }

  /** What a GCKS sends that admits us. */
  static List<Payload> admission() {
    return List.of(GSA, KD);
  }

  List<Payload> some() {
    List<Payload> payloads = new ArrayList<>();
    int count = choices.below(5);
    for (int i = 0; i < count; i++) {
      payloads.add(one());
    }
    return payloads;
  }

  Payload one() {
    return switch (choices.below(10)) {
      case 0 -> NotifyPayload.of(Choices.any(choices, NotifyType.values()), choices.octets(20));
      case 1 ->
          new NotifyPayload(
              choices.below(256), choices.octets(8), choices.below(65_536), choices.octets(8));
      case 2 -> MachineFixture.GCKS_ID;
      case 3 -> new AuthPayload(choices.below(16), choices.someOctets(80));
      case 4 -> new CertPayload(CertPayload.X509_SIGNATURE, choices.someOctets(80));
      case 5 ->
          choices.oneIn(2)
              ? DeletePayload.ikeSa()
              : new DeletePayload(ProtocolId.ESP.code(), List.of(ESP.spi()));
      case 6 -> GSA;
      case 7 -> KD;
      case 8 -> damaged(Choices.any(choices, GSA, KD, MachineFixture.GCKS_ID));
      default ->
          new UnknownPayload(
              Choices.any(choices, PayloadType.values()).code(),
              choices.oneIn(8),
              choices.octets(60));
    };
  }

  /** The body with a few octets changed, or cut. */
  private Payload damaged(Payload whole) {
    ByteWriter out = new ByteWriter();
    whole.encodeBody(out);
    return new UnknownPayload(whole.typeCode(), false, damaged(out.toBytes()));
  }

  Bytes damaged(Bytes whole) {
    byte[] octets =
        whole.slice(0, choices.oneIn(4) ? choices.below(whole.size() + 1) : whole.size()).toArray();
    for (int change = choices.below(4); change > 0 && octets.length > 0; change--) {
      octets[choices.below(octets.length)] = (byte) choices.below(256);
    }
    return Bytes.copyOf(octets);
  }
}

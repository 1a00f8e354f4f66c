package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.ike.GsaPayload;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SignatureScheme;

/** IDg, GROUP_SENDER and what a registration brings back. */
class RegistrationPayloadsTest {
  @Test
  void groupNameTravelsAsKeyId() {
    IdPayload payload = GroupId.ofName("lobby").toPayload();
    ByteWriter out = new ByteWriter();
    payload.encodeBody(out);
    assertEquals("0b0000006c6f626279", out.toBytes().hex());
    assertEquals(50, payload.typeCode());
    assertEquals(Optional.of(GroupId.ofName("lobby")), GroupId.of(payload));
  }

  /** Section 4.2: five types "MUST" or "SHOULD be supported"; DER names are "not expected". */
  @ParameterizedTest
  @EnumSource(IdType.class)
  void typesOfGroupIds(IdType type) {
    Bytes value =
        type == IdType.ID_IPV6_ADDR ? Bytes.fromHex("ff".repeat(16)) : Bytes.of(1, 2, 3, 4);
    IdPayload payload = IdPayload.of(IdPayload.Kind.GROUP, type, value);
    boolean der = type == IdType.ID_DER_ASN1_DN || type == IdType.ID_DER_ASN1_GN;
    assertEquals(!der, GroupId.of(payload).isPresent());
    if (der) {
      assertThrows(IllegalArgumentException.class, () -> new GroupId(type, value));
    }
  }

  @Test
  void unknownTypeOfGroupIdNamesNoGroup() {
    assertEquals(
        Optional.empty(), GroupId.of(new IdPayload(IdPayload.Kind.GROUP, 200, Bytes.of(1))));
  }

  @Test
  void groupSenderCountsInFourOctets() throws MalformedMessageException {
    NotifyPayload notify = new GroupSender(258).toPayload();
    assertEquals("00000102", notify.data().hex());
    assertEquals(16429, notify.type());
    assertEquals(new GroupSender(258), GroupSender.of(notify));
  }

  @Test
  void badGroupSender() {
    for (String data : List.of("", "000001", "0000000001")) {
      NotifyPayload notify = NotifyPayload.of(NotifyType.GROUP_SENDER, Bytes.fromHex(data));
      assertThrows(MalformedMessageException.class, () -> GroupSender.of(notify), data);
    }
    Bytes one = Bytes.fromHex("00000001");
    int type = NotifyType.GROUP_SENDER.code();
    assertThrows(
        MalformedMessageException.class,
        () -> GroupSender.of(new NotifyPayload(3, Bytes.EMPTY, type, one)));
    assertThrows(
        MalformedMessageException.class,
        () -> GroupSender.of(new NotifyPayload(0, Bytes.of(1, 2, 3, 4), type, one)));
    assertThrows(
        IllegalArgumentException.class,
        () -> GroupSender.of(NotifyPayload.of(NotifyType.COOKIE, one)));
    assertThrows(IllegalArgumentException.class, () -> new GroupSender(-1));
  }

  @Test
  void registrationIsReadAndChecked() throws Exception {
    RekeySaPolicy sa =
        TestGroup.authenticated(
            TestGroup.rekeySa(TestGroup.SA1, TestGroup.GCM, SaAttributes.lifetime(60)),
            TestGroup.signature(SignatureScheme.ED25519));
    KeyDownload keys =
        TestGroup.with(
            TestGroup.keysOf(TestGroup.SA1, TestGroup.UNDER_GSK_W),
            MemberKeyBag.EMPTY.withAuthKey(Bytes.of(0x30, 0)));
    GroupPolicy policy = TestGroup.policyOf(sa);
    Payload gsa = policy.toPayload();
    Payload kd = keys.toPayload(OptionalInt.empty());
    Optional<GroupSender> receiver = Optional.empty();
    assertEquals(
        Optional.of(new GroupUpdate(policy, keys)),
        GroupUpdate.ofRegistration(new PayloadList(List.of(gsa, kd)), receiver));
    assertEquals(
        Optional.empty(), GroupUpdate.ofRegistration(new PayloadList(List.of()), receiver));
    assertThrows(
        MalformedMessageException.class,
        () -> GroupUpdate.ofRegistration(new PayloadList(List.of(gsa)), receiver));
    assertThrows(
        NotAllowedHereException.class,
        () ->
            GroupUpdate.ofRegistration(
                new PayloadList(
                    List.of(
                        gsa,
                        TestGroup.keysOf(TestGroup.SA1, TestGroup.UNDER_GSK_W)
                            .toPayload(OptionalInt.empty()))),
                receiver));
    // AUTH_KEY is no key of the scheme
    assertThrows(NotAllowedHereException.class, () -> RekeyVerifier.of(sa, keys.memberBag()));
  }

  @Test
  void contextOfARegistrationFollowsItsPolicy() {
    GroupPolicy esp = TestGroup.policyOf(TestGroup.esp(TestGroup.ESP1, TestGroup.GCM));
    assertEquals(MessageContext.INBAND_REGISTRATION, MessageContext.ofRegistration(esp));
    assertTrue(esp.sas().stream().noneMatch(sa -> sa.id().isRekeySa()));
    assertFalse(new GsaPayload(Bytes.EMPTY).critical());
    assertEquals(ProtocolId.ESP, esp.dataSas().get(0).id().protocol());
  }
}

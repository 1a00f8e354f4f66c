package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** A member's machine, a clock, and whoever answers. */
abstract class MachineFixture {
  static final PathEnds PATH =
      new PathEnds(
          new NatDetection.Endpoint(Bytes.fromHex("0a000002"), 40000),
          new NatDetection.Endpoint(Bytes.fromHex("0a000001"), 848));
  static final IdPayload GCKS_ID =
      IdPayload.of(IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8("gcks.example"));
  static final SecretBytes PSK = SecretBytes.takeFrom(new byte[] {1, 2, 3, 4});

  final SecureRandom random = new SecureRandom();
  final ScriptedGcks gcks = new ScriptedGcks(random);
  RegistrationMachine machine =
      new RegistrationMachine(profile(new MemberCredential.Psk(PSK)), random);
  long nowNanos = 1_000_000_000L;

  static RegistrationProfile profile(MemberCredential credential) {
    return new RegistrationProfile(
        IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8("m1.example")),
        GCKS_ID,
        credential,
        Optional.empty(),
        GroupId.ofName("tv"),
        Optional.empty(),
        SuitePolicy.STANDARD,
        InstantSource.system(),
        1280,
        Retransmission.Policy.STANDARD);
  }

  List<RegistrationAction> event(RegistrationEvent event) {
    return machine.onEvent(event, nowNanos);
  }

  List<RegistrationAction> start(Purpose purpose) {
    return event(new RegistrationEvent.Start(purpose, Optional.of(PATH)));
  }

  List<RegistrationAction> receive(Bytes message) {
    return event(new RegistrationEvent.Received(message, Optional.of(PATH)));
  }

  /** The next deadline comes. */
  List<RegistrationAction> tick() {
    nowNanos = machine.nextDeadlineNanos();
    return event(new RegistrationEvent.Tick());
  }

  /** Lets deadlines come until something else than a retransmission happens; gives all of it. */
  List<RegistrationAction> ticksUntilMoreThanSending() {
    List<RegistrationAction> all = new ArrayList<>();
    while (all.stream().allMatch(RegistrationAction.Send.class::isInstance)) {
      assertNotEquals(Long.MAX_VALUE, machine.nextDeadlineNanos());
      all.addAll(tick());
    }
    return all;
  }

  /** IKE_SA_INIT is over, GSA_AUTH or IKE_AUTH is on its way. */
  void agreed(Purpose purpose) throws Exception {
    receive(gcks.agree(initRequest(start(purpose))));
    assertInstanceOf(RegistrationState.AwaitAuth.class, machine.state());
  }

  /** An IKE SA stands whose GCKS is authenticated. */
  void established() throws Exception {
    agreed(Purpose.REGISTER);
    Payload notNow = NotifyPayload.of(NotifyType.REGISTRATION_FAILED);
    List<RegistrationAction> actions =
        receive(gcks.response(ExchangeType.GSA_AUTH, 1, gcks.proof(GCKS_ID, PSK, notNow)));
    assertEquals(FailureReason.GROUP_UNAVAILABLE, failed(actions).reason());
    assertInstanceOf(RegistrationState.Established.class, machine.state());
  }

  List<RegistrationAction> authAnswer(NotifyType error) {
    return receive(
        gcks.response(ExchangeType.GSA_AUTH, 1, List.of((Payload) NotifyPayload.of(error))));
  }

  static ClearMessage initRequest(List<RegistrationAction> actions) throws Exception {
    return (ClearMessage) InboundMessage.parse(datagram(actions));
  }

  static Bytes datagram(List<RegistrationAction> actions) {
    RegistrationAction last = actions.get(actions.size() - 1);
    List<Bytes> datagrams = assertInstanceOf(RegistrationAction.Send.class, last).datagrams();
    assertEquals(1, datagrams.size());
    return datagrams.get(0);
  }

  static RegistrationAction.Failed failed(List<RegistrationAction> actions) {
    return actions.stream()
        .filter(RegistrationAction.Failed.class::isInstance)
        .map(RegistrationAction.Failed.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("not failed: " + actions));
  }
}

package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.UnknownPayload;
import org.keyfleet.protocol.octets.Bytes;

/** Requests inside an IKE SA that stood before them. */
class StandingSaTest extends MachineFixture {
  private static final long SECOND = 1_000_000_000L;

  /** A GCKS that restarted has forgotten the IKE SA: nobody waits a minute for that to show. */
  @ParameterizedTest
  @EnumSource(
      value = Purpose.class,
      names = {"REGISTER", "LEAVE"})
  void forgottenIkeSaIsReplacedSoonAndInSilence(Purpose purpose) throws Exception {
    established();
    long begun = nowNanos;
    Bytes request = datagram(start(purpose));
    int sent = 1;
    List<RegistrationAction> actions = tick();
    while (datagram(actions).equals(request)) {
      sent++;
      actions = tick();
    }
    assertEquals(3, sent);
    assertTrue(nowNanos - begun < 15 * SECOND, "after " + (nowNanos - begun));
    assertEquals(1, actions.size(), actions.toString());
    ClearMessage init = initRequest(actions);
    assertEquals(ExchangeType.IKE_SA_INIT, init.header().exchange());

    // the new IKE SA serves the same purpose
    receive(gcks.agree(init));
    RegistrationState.AwaitAuth waiting =
        assertInstanceOf(RegistrationState.AwaitAuth.class, machine.state());
    assertEquals(purpose, waiting.sa().attempt().purpose());
  }

  /** The path is that of today, not that of the IKE SA that is gone. */
  @Test
  void replacementUsesThePathOfTheRequest() throws Exception {
    established();
    PathEnds moved =
        new PathEnds(new NatDetection.Endpoint(Bytes.fromHex("0a000099"), 1234), PATH.remote());
    event(new RegistrationEvent.Start(Purpose.REGISTER, Optional.of(moved)));
    for (int sent = 1; sent <= 3; sent++) {
      tick();
    }
    RegistrationState.AwaitInit waiting =
        assertInstanceOf(RegistrationState.AwaitInit.class, machine.state());
    assertEquals(Optional.of(moved), waiting.attempt().path());
  }

  /** An IKE SA made for leaving and then silent: that is the end, not a new beginning. */
  @Test
  void silenceOnANewIkeSaIsReported() throws Exception {
    agreed(Purpose.LEAVE);
    receive(gcks.response(ExchangeType.IKE_AUTH, 1, gcks.proof(GCKS_ID, PSK)));
    assertInstanceOf(RegistrationState.AwaitGroup.class, machine.state());
    List<RegistrationAction> all = ticksUntilMoreThanSending();
    assertEquals(Retransmission.Policy.STANDARD.attempts(), all.size());
    assertEquals(FailureReason.NOT_REACHABLE, failed(all).reason());
  }

  /** It was said already why there is no registration; that the GCKS misses it is no news. */
  @Test
  void refusalThatNobodyAnswersIsNotReportedAgain() throws Exception {
    established();
    assertEquals(
        FailureReason.POLICY,
        failed(event(new RegistrationEvent.PolicyRefused("no token"))).reason());
    while (machine.nextDeadlineNanos() != Long.MAX_VALUE) {
      assertTrue(tick().stream().allMatch(RegistrationAction.Send.class::isInstance));
    }
    assertInstanceOf(RegistrationState.Idle.class, machine.state());
  }

  /** A response answers in the exchange that was asked in. */
  @Test
  void responseOfAnotherExchangeIsIgnored() throws Exception {
    established();
    start(Purpose.LEAVE);
    long before = machine.ignored();
    assertEquals(List.of(), receive(gcks.response(ExchangeType.INFORMATIONAL, 2, List.of())));
    assertEquals(before + 1, machine.ignored());
    assertEquals(
        List.of(new RegistrationAction.Left()),
        receive(gcks.response(ExchangeType.GSA_REGISTRATION, 2, List.of())));
  }

  /** RFC 7296 sections 2.5 and 2.21.3: the sender is authentic, so it learns what was wrong. */
  @Test
  void authenticRequestWithAnErrorIsAnswered() throws Exception {
    established();
    Bytes request =
        gcks.ownRequest(
            ExchangeType.INFORMATIONAL,
            0,
            List.of(new UnknownPayload(200, true, Bytes.of(1, 2, 3, 4))));
    List<RegistrationAction> answer = receive(request);
    assertEquals(1, answer.size());
    assertEquals(answer, receive(request), "a repetition");
    assertInstanceOf(RegistrationState.Established.class, machine.state());
    assertEquals(1, receive(gcks.ownRequest(ExchangeType.INFORMATIONAL, 1, List.of())).size());
  }

  /** RFC 7383 section 2.6.1: the first fragment alone asks for the answer again. */
  @Test
  void answerToAFragmentedRequestIsRepeated() throws Exception {
    established();
    List<Payload> payloads = List.of(new DeletePayload(ProtocolId.ESP.code(), spis(300)));
    List<Bytes> fragments = gcks.ownFragments(ExchangeType.INFORMATIONAL, 0, payloads, 576);
    assertTrue(fragments.size() > 2);
    List<RegistrationAction> answer = List.of();
    for (Bytes fragment : fragments) {
      assertEquals(List.of(), answer);
      answer = receive(fragment);
    }
    assertEquals(1, answer.size());
    assertEquals(List.of(), receive(fragments.get(1)));
    assertEquals(answer, receive(fragments.get(0)));
  }

  private static List<Bytes> spis(int count) {
    return java.util.Collections.nCopies(count, Bytes.of(1, 2, 3, 4));
  }

  /** An inband rekey that waits for the token dies with its IKE SA. */
  @Test
  void rekeyOfAnOldIkeSaIsNotAcknowledgedInANewOne() throws Exception {
    established();
    List<RegistrationAction> actions =
        receive(
            gcks.ownRequest(
                ExchangeType.GSA_INBAND_REKEY,
                0,
                List.of(new DeletePayload(ProtocolId.ESP.code(), List.of(Bytes.of(1, 2, 3, 4))))));
    assertInstanceOf(RegistrationAction.Rekeyed.class, actions.get(0));
    event(new RegistrationEvent.Stop());

    ScriptedGcks other = new ScriptedGcks(random);
    receive(other.agree(initRequest(start(Purpose.AUTHENTICATE))));
    receive(other.response(ExchangeType.IKE_AUTH, 1, other.proof(GCKS_ID, PSK)));
    assertEquals(List.of(), event(new RegistrationEvent.RekeyDone()));
    List<RegistrationAction> answer =
        receive(other.ownRequest(ExchangeType.INFORMATIONAL, 0, List.of()));
    SealedMessage sealed = (SealedMessage) InboundMessage.parse(datagram(answer));
    assertTrue(sealed.header().response());
  }
}

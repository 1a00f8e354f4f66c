package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.NoncePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;

/** Answers of which nobody can tell yet whether they come from the GCKS. */
class UnprovedAnswerTest extends MachineFixture {

  /** A forged response costs nothing: the share is kept for the genuine one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33})
  void badPublicValueLeavesTheAttemptIntact(int zeros) throws Exception {
    ClearMessage request = initRequest(start(Purpose.REGISTER));
    Bytes bad = Bytes.copyOf(new byte[zeros]);
    assertEquals(List.of(), receive(gcks.initResponse(request, bad)));
    assertEquals(1, machine.ignored());
    receive(gcks.agree(request));
    assertInstanceOf(RegistrationState.AwaitAuth.class, machine.state());
  }

  @Test
  void pointOffTheCurveLeavesTheAttemptIntact() throws Exception {
    ClearMessage first = initRequest(start(Purpose.REGISTER));
    ClearMessage request =
        initRequest(clearAnswer(first, SuiteNegotiation.invalidKe(KeyExchangeMethod.ECP_256)));
    byte[] off = new byte[64];
    off[63] = 1;
    assertEquals(List.of(), receive(gcks.initResponse(request, Bytes.copyOf(off))));
    receive(gcks.agree(request));
    assertInstanceOf(RegistrationState.AwaitAuth.class, machine.state());
  }

  /**
   * RFC 7296 section 2.21.2: "if the peer receiving this notification has not authenticated the
   * other end yet, that peer needs to treat the information with caution".
   */
  @ParameterizedTest
  @EnumSource(
      value = NotifyType.class,
      names = {
        "AUTHENTICATION_FAILED",
        "AUTHORIZATION_FAILED",
        "INVALID_GROUP_ID",
        "REGISTRATION_FAILED",
        "NO_PROPOSAL_CHOSEN",
        "INVALID_SYNTAX",
        "TEMPORARY_FAILURE"
      })
  void refusalWithoutProofPasses(NotifyType error) throws Exception {
    agreed(Purpose.REGISTER);
    RegistrationAction.Failed failed = failed(authAnswer(error));
    assertEquals(FailureReason.UNPROVED_REFUSAL, failed.reason());
    assertTrue(failed.reason().isPassing());
    assertTrue(
        failed
            .text()
            .startsWith(
                "whoever answered refuses: " + error + ", without proving that it is the GCKS"),
        failed.text());
    assertInstanceOf(RegistrationState.Idle.class, machine.state());
  }

  /** The user with a wrong PSK still reads what to look at. */
  @Test
  void refusalWithoutProofStillGivesAdvice() throws Exception {
    agreed(Purpose.REGISTER);
    assertEquals(
        "whoever answered refuses: AUTHENTICATION_FAILED, without proving that it is the GCKS:"
            + " check agent.id and the PSK; the server's log says more",
        failed(authAnswer(NotifyType.AUTHENTICATION_FAILED)).text());
  }

  /** A proof by somebody else's key is none. */
  @Test
  void refusalWithAWrongProofPasses() throws Exception {
    agreed(Purpose.REGISTER);
    SecretBytes other = SecretBytes.takeFrom(new byte[] {9});
    NotifyPayload refusal = NotifyPayload.of(NotifyType.AUTHORIZATION_FAILED);
    RegistrationAction.Failed failed =
        failed(
            receive(gcks.response(ExchangeType.GSA_AUTH, 1, gcks.proof(GCKS_ID, other, refusal))));
    assertEquals(FailureReason.GCKS_NOT_AUTHENTIC, failed.reason());
    assertTrue(failed.reason().isPassing());
  }

  @Test
  void refusalWithProofCounts() throws Exception {
    agreed(Purpose.REGISTER);
    NotifyPayload refusal = NotifyPayload.of(NotifyType.AUTHORIZATION_FAILED);
    RegistrationAction.Failed failed =
        failed(receive(gcks.response(ExchangeType.GSA_AUTH, 1, gcks.proof(GCKS_ID, PSK, refusal))));
    assertEquals(FailureReason.NOT_AUTHORISED, failed.reason());
    assertFalse(failed.reason().isPassing());
    assertInstanceOf(RegistrationState.Established.class, machine.state());
  }

  @Test
  void refusalInsideTheIkeSaCounts() throws Exception {
    established();
    start(Purpose.REGISTER);
    RegistrationAction.Failed failed =
        failed(
            receive(
                gcks.response(
                    ExchangeType.GSA_REGISTRATION,
                    2,
                    List.of(NotifyPayload.of(NotifyType.INVALID_GROUP_ID)))));
    assertEquals(FailureReason.NO_SUCH_GROUP, failed.reason());
  }

  /**
   * A forged COOKIE makes us sign another message than the GCKS answered: its refusal proves
   * nothing, and the next attempt has nothing in common with this one.
   */
  @Test
  void forgedCookieCostsOneAttempt() throws Exception {
    ClearMessage first = initRequest(start(Purpose.REGISTER));
    clearAnswer(first, NotifyPayload.of(NotifyType.COOKIE, Bytes.of(1, 2, 3)));
    receive(gcks.agree(first));
    assertInstanceOf(RegistrationState.AwaitAuth.class, machine.state());
    RegistrationAction.Failed failed = failed(authAnswer(NotifyType.AUTHENTICATION_FAILED));
    assertEquals(FailureReason.UNPROVED_REFUSAL, failed.reason());
    ClearMessage next = initRequest(start(Purpose.REGISTER));
    assertNotEquals(first.header().initiatorSpi(), next.header().initiatorSpi());
    assertNotEquals(
        first.payloads().find(NoncePayload.class), next.payloads().find(NoncePayload.class));
    assertFalse(next.payloads().hasNotify(NotifyType.COOKIE));
  }

  /** RFC 7296 section 2.21.1: "the recipient should continue trying for some time". */
  @Test
  void unprotectedErrorEndsNothingBeforeItsTime() throws Exception {
    ClearMessage request = initRequest(start(Purpose.REGISTER));
    assertEquals(List.of(), clearAnswer(request, NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)));
    List<RegistrationAction> all = ticksUntilMoreThanSending();
    assertEquals(Retransmission.Policy.STANDARD.attempts(), all.size());
    assertEquals(FailureReason.NO_COMMON_SUITE, failed(all).reason());
  }

  @Test
  void genuineAnswerComesAfterAnUnprotectedError() throws Exception {
    ClearMessage request = initRequest(start(Purpose.REGISTER));
    clearAnswer(request, NotifyPayload.of(NotifyType.INVALID_SYNTAX));
    assertEquals(request.octets(), datagram(tick()));
    receive(gcks.agree(request));
    assertInstanceOf(RegistrationState.AwaitAuth.class, machine.state());
  }

  private List<RegistrationAction> clearAnswer(ClearMessage request, NotifyPayload notify) {
    return receive(OutboundMessage.clear(request.header().answer(IkeSpi.NONE), List.of(notify)));
  }
}

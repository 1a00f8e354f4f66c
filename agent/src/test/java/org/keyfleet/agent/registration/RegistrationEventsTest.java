package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** Events of the owner in every state. */
class RegistrationEventsTest extends MachineFixture {
  private static final MemberCredential CERTIFICATE =
      new MemberCredential.Certificate(
          new CertificateChain(List.of(Bytes.of(1, 2, 3))), SignatureScheme.ED25519);

  /** Where the machine is brought before the event. */
  private enum Where {
    IDLE,
    AWAIT_INIT,
    AWAIT_SIGNATURE,
    AWAIT_AUTH,
    ESTABLISHED,
    AWAIT_GROUP
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void startBeginsAnewAndWipesWhatWas(Where where) throws Exception {
    bring(where);
    RegistrationState before = machine.state();
    List<RegistrationAction> actions = start(Purpose.AUTHENTICATE);
    assertEquals(ExchangeType.IKE_SA_INIT, initRequest(actions).header().exchange());
    assertInstanceOf(RegistrationState.AwaitInit.class, machine.state());
    assertWiped(before);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void stopEndsEverythingAndWipesWhatWas(Where where) throws Exception {
    bring(where);
    RegistrationState before = machine.state();
    List<RegistrationAction> actions = event(new RegistrationEvent.Stop());
    assertEquals(where == Where.ESTABLISHED ? 1 : 0, actions.size(), actions.toString());
    assertInstanceOf(RegistrationState.Idle.class, machine.state());
    assertEquals(Long.MAX_VALUE, machine.nextDeadlineNanos());
    assertWiped(before);
  }

  /** Ticks for ever: whatever waits for the peer ends, nothing else changes. */
  @ParameterizedTest
  @EnumSource(Where.class)
  void ticksEndWhatWaitsForThePeer(Where where) throws Exception {
    bring(where);
    RegistrationState before = machine.state();
    for (int i = 0; i < 20; i++) {
      nowNanos += 60_000_000_000L;
      event(new RegistrationEvent.Tick());
    }
    boolean waits =
        where == Where.AWAIT_INIT || where == Where.AWAIT_AUTH || where == Where.AWAIT_GROUP;
    if (waits) {
      assertInstanceOf(RegistrationState.Idle.class, machine.state());
      assertWiped(before);
    } else {
      assertEquals(before, machine.state());
    }
  }

  /** What answers no question of the machine's changes nothing. */
  @ParameterizedTest
  @EnumSource(Where.class)
  void answersThatNobodyAskedForChangeNothing(Where where) throws Exception {
    bring(where);
    RegistrationState before = machine.state();
    assertEquals(List.of(), event(new RegistrationEvent.RekeyDone()));
    if (where != Where.AWAIT_SIGNATURE) {
      assertEquals(List.of(), event(new RegistrationEvent.Signed(Bytes.of(1))));
      assertEquals(List.of(), event(new RegistrationEvent.NotSigned("late")));
    }
    if (where != Where.ESTABLISHED) {
      assertEquals(List.of(), event(new RegistrationEvent.PolicyRefused("late")));
    }
    assertEquals(before, machine.state());
  }

  @Test
  void messagesWhileTheTokenSignsAreIgnored() throws Exception {
    bring(Where.AWAIT_SIGNATURE);
    receive(gcks.response(ExchangeType.GSA_AUTH, 1, List.of()));
    receive(gcks.ownRequest(ExchangeType.INFORMATIONAL, 0, List.of()));
    assertEquals(2, machine.ignored());
    assertInstanceOf(
        RegistrationAction.Send.class, event(new RegistrationEvent.Signed(Bytes.of(1))).get(0));
  }

  @Test
  void tokenThatDoesNotSignIsReportedAndTheKeysGo() throws Exception {
    bring(Where.AWAIT_SIGNATURE);
    RegistrationState before = machine.state();
    List<RegistrationAction> actions = event(new RegistrationEvent.NotSigned("no token"));
    assertEquals(List.of(new RegistrationAction.Failed(FailureReason.TOKEN, "no token")), actions);
    assertWiped(before);
  }

  /** Keys are shown to an export only while they live. */
  @Test
  void keysOfAGcksThatCannotVerifyUsAreNotExported() throws Exception {
    machine = new RegistrationMachine(profile(CERTIFICATE), random);
    List<RegistrationAction> actions = receive(gcks.agree(initRequest(start(Purpose.REGISTER))));
    assertEquals(FailureReason.NO_COMMON_SUITE, failed(actions).reason());
    assertEquals(1, actions.size(), actions.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Where.class,
      names = {"AWAIT_SIGNATURE", "AWAIT_AUTH"})
  void exportedKeysLive(Where where) throws Exception {
    List<RegistrationAction> actions = bring(where);
    RegistrationAction.Derived derived =
        assertInstanceOf(RegistrationAction.Derived.class, actions.get(0));
    derived.sa().keys().d().run(octets -> assertTrue(octets.length > 0));
  }

  /** Gives the actions of the last step. */
  private List<RegistrationAction> bring(Where where) throws Exception {
    return switch (where) {
      case IDLE -> List.of();
      case AWAIT_INIT -> start(Purpose.REGISTER);
      case AWAIT_SIGNATURE -> {
        machine = new RegistrationMachine(profile(CERTIFICATE), random);
        yield receive(gcks.agree(initRequest(start(Purpose.REGISTER)), ScriptedGcks.allHashes()));
      }
      case AWAIT_AUTH -> receive(gcks.agree(initRequest(start(Purpose.REGISTER))));
      case ESTABLISHED -> {
        established();
        yield List.of();
      }
      case AWAIT_GROUP -> {
        established();
        yield start(Purpose.REGISTER);
      }
    };
  }

  private static void assertWiped(RegistrationState before) {
    IkeSa sa = null;
    if (before instanceof RegistrationState.AwaitSignature state) {
      sa = state.sa();
    } else if (before instanceof RegistrationState.AwaitAuth state) {
      sa = state.sa();
    } else if (before instanceof RegistrationState.Established state) {
      sa = state.sa();
    } else if (before instanceof RegistrationState.AwaitGroup state) {
      sa = state.sa();
    } else if (before instanceof RegistrationState.AwaitInit state) {
      assertThrows(
          IllegalStateException.class,
          () -> state.attempt().share().agree(state.attempt().share().publicValue()));
    }
    if (sa != null) {
      SecretBytes key = sa.keys().d();
      assertThrows(IllegalStateException.class, () -> key.run(octets -> {}));
    }
  }
}

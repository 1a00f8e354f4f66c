package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.protocol.gikev2.RekeySaUnderTest.fresh;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.RekeyOpening.Stale;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.IvSource;
import org.keyfleet.protocol.ike.SkSealer;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Replay and reflection (RFC 9838 sections 2.3.3, 2.4.1.4, 8.2.4). */
class RekeyReplayTest {
  private final RekeySaUnderTest sa = RekeySaUnderTest.ed25519();

  private Bytes next() throws Exception {
    return sa.sealOne(TestGroup.newRekeySa());
  }

  private static void stale(RekeyOpener member, Bytes datagram) throws Exception {
    assertInstanceOf(Stale.class, member.open(datagram, 0));
  }

  @Test
  void copyAndOlderMessagesAreDiscarded() throws Exception {
    RekeyOpener member = sa.member();
    Bytes zero = next();
    Bytes one = next();
    Bytes two = next();
    fresh(member, one);
    stale(member, one);
    stale(member, zero);
    assertEquals(0, fresh(member, two).missed());
    stale(member, one);
    assertEquals(3, member.nextMessageId());
  }

  @Test
  void gapsAreAcceptedAndCounted() throws Exception {
    RekeyOpener member = sa.member();
    for (int i = 0; i < 5; i++) {
      next();
    }
    assertEquals(5, fresh(member, next()).missed());
    assertEquals(6, member.nextMessageId());
  }

  @Test
  void forgedHighMessageIdChangesNothing() throws Exception {
    RekeyOpener member = sa.member();
    Bytes zero = next();
    byte[] forged = zero.toArray();
    forged[20] = 0x7f; // Message ID
    assertThrows(Exception.class, () -> member.open(Bytes.copyOf(forged), 0));
    assertEquals(0, fresh(member, zero).messageId());
  }

  private static RekeySaPolicy announcing(long initialMessageId) {
    return TestGroup.rekeySa(
        TestGroup.SA1,
        TestGroup.GCM,
        SaAttributes.lifetime(60).withInitialMessageId(initialMessageId));
  }

  /** "a Message ID greater or equal to the Message ID received in ... GSA_INITIAL_MESSAGE_ID". */
  @Test
  void initialMessageIdIsTheFirstAcceptable() {
    MessageIdGuard guard = MessageIdGuard.starting(announcing(42), OptionalLong.empty());
    assertFalse(guard.isFresh(41));
    assertTrue(guard.isFresh(42));
    assertEquals(3, guard.accept(45));
    assertFalse(guard.isFresh(45));
    assertThrows(IllegalArgumentException.class, () -> guard.accept(45));
  }

  /** "If it is less than the previously received number, it ... MUST be ignored." */
  @Test
  void staleInitialMessageIdIsIgnored() {
    assertEquals(51, MessageIdGuard.starting(announcing(42), OptionalLong.of(50)).next());
    assertEquals(60, MessageIdGuard.starting(announcing(60), OptionalLong.of(50)).next());
  }

  /** "If the GSA_INITIAL_MESSAGE_ID attribute is not received ... MUST assume zero". */
  @Test
  void withoutInitialMessageIdZeroIsExpected() {
    RekeySaPolicy policy =
        TestGroup.rekeySa(TestGroup.SA1, TestGroup.GCM, SaAttributes.lifetime(60));
    assertEquals(0, MessageIdGuard.starting(policy, OptionalLong.empty()).next());
  }

  @Test
  void lastMessageIdEndsTheSa() {
    MessageIdGuard guard = MessageIdGuard.resuming(0xffff_fffeL);
    assertEquals(0, guard.accept(0xffff_ffffL));
    assertFalse(guard.isFresh(0xffff_ffffL));
    assertFalse(guard.isFresh(0));
  }

  @Test
  void restartGoesOnBehindTheLastMessage() throws Exception {
    Bytes zero = next();
    Bytes one = next();
    RekeyOpener restarted =
        new RekeyOpener(
            TestGroup.SA1, sa.suite, sa.keys, sa.verifier(), MessageIdGuard.resuming(0));
    stale(restarted, zero);
    assertEquals(1, fresh(restarted, one).messageId());
  }

  /** A GSA_REKEY has no answer: a message with the R flag is none. */
  @Test
  void responseFlagIsRefused() throws Exception {
    Bytes reflected =
        new SkSealer(
                sa.suite.cipher(),
                sa.keys.encryption().copy(),
                sa.keys.integrity().copy(),
                IvSource.counter())
            .sealWhole(RekeySaUnderTest.header(0, true), TestGroup.newRekeySa().payloads());
    assertThrows(MalformedMessageException.class, () -> sa.member().open(reflected, 0));
  }

  @Test
  void messageOfAnotherRekeySaIsRefused() throws Exception {
    RekeySealer other = new RekeySealer(TestGroup.SA2, sa.suite, sa.keys, 0, TestGroup.RANDOM);
    Bytes datagram = other.sealImplicit(TestGroup.newRekeySa(), RekeySealer.UNFRAGMENTED).get(0);
    assertEquals(Optional.of(TestGroup.SA2), RekeyOpener.target(InboundMessage.parse(datagram)));
    RekeyOpener member = sa.member(new RekeyVerifier.ByIcv());
    assertThrows(MalformedMessageException.class, () -> member.open(datagram, 0));
  }

  /** GSA_NEXT_SPI: traffic of an announced SA that is not known hints at a lost rekey. */
  @Test
  void announcedSpiHintsAtALostRekey() {
    GroupPolicy policy =
        TestGroup.policyOf(
            TestGroup.rekeySa(
                TestGroup.SA1,
                TestGroup.GCM,
                SaAttributes.lifetime(60).withNextSpis(List.of(TestGroup.SA2.spi()))));
    NextSpis next = NextSpis.of(policy);
    assertTrue(next.hintAtLostRekey(TestGroup.SA2));
    assertFalse(next.hintAtLostRekey(TestGroup.SA1));
    GroupPolicy installed =
        TestGroup.policyOf(
            TestGroup.rekeySa(TestGroup.SA2, TestGroup.GCM, SaAttributes.lifetime(60)));
    assertFalse(next.without(installed).hintAtLostRekey(TestGroup.SA2));
  }
}

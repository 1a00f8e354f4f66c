package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.secret.SecretBytes;

class RekeySasTest {
  private static final long SECOND = 1_000_000_000L;

  private final RekeySas sas = new RekeySas();

  /** RFC 9838 section 2.4.1.4: "silently deleted after waiting DEACTIVATION_TIME_DELAY". */
  @Test
  void replacedOneIsFoundForTheDelayAndNoLonger() throws Exception {
    RekeySa old = rekeySa(1, 100 * SECOND);
    RekeySa fresh = rekeySa(2, 200 * SECOND);
    sas.restart(old);
    sas.replace(fresh, 10 * SECOND);
    assertSame(fresh, sas.current());
    assertEquals(10 * SECOND, sas.nextEndNanos());
    sas.expire(10 * SECOND - 1);
    assertSame(old, sas.find(old.policy().id()));
    sas.expire(10 * SECOND);
    assertNull(sas.find(old.policy().id()));
    assertThrows(IllegalStateException.class, () -> old.keys().encryption().copy());
    assertSame(fresh, sas.find(fresh.policy().id()));
  }

  @Test
  void ownLifetimeEndsAReplacedOneBeforeTheDelayDoes() throws Exception {
    RekeySa old = rekeySa(1, 5 * SECOND);
    sas.restart(old);
    sas.replace(rekeySa(2, 200 * SECOND), 10 * SECOND);
    assertEquals(5 * SECOND, sas.nextEndNanos());
    sas.expire(5 * SECOND);
    assertNull(sas.find(old.policy().id()));
  }

  /**
   * Section 4.4.2.2.1: "the group security association and all associated keys MUST be deleted".
   */
  @Test
  void lifetimeEndsEvenTheCurrentOne() throws Exception {
    RekeySa only = rekeySa(1, 7 * SECOND);
    sas.restart(only);
    sas.expire(7 * SECOND - 1);
    assertNotNull(sas.current());
    sas.expire(7 * SECOND);
    assertNull(sas.current());
    assertThrows(IllegalStateException.class, () -> only.keys().keyWrap().copy());
    assertEquals(AgentClock.NEVER, sas.nextEndNanos());
  }

  private static RekeySa rekeySa(int number, long expiresNanos) throws Exception {
    RekeySaPolicy policy = TestPolicies.rekeySa(number);
    try (SecretBytes keymat =
        SecretBytes.takeFrom(new byte[RekeySa.suite(policy).keymatOctets()])) {
      return RekeySa.of(
          policy,
          keymat,
          RekeyVerifier.of(policy, MemberKeyBag.EMPTY),
          MessageIdGuard.starting(policy, OptionalLong.empty()),
          List.of(),
          0,
          expiresNanos);
    }
  }
}

package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.octets.ByteWriter;

class DoubtTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private final Doubt doubt = new Doubt(new Random(20261125));
  private long now = 17 * SECOND;

  @Test
  void steadyUnknownTrafficRaisesDoubtWithinTheMinuteAndOnce() {
    long started = now;
    while (!doubt.unknown(data(7), false, now)) {
      now += SECOND;
      assertTrue(now < started + MINUTE, "no doubt after a minute");
    }
    assertTrue(now >= started + 20 * SECOND, "doubt after " + (now - started) / SECOND + " s");
    for (int i = 0; i < 600; i++) {
      now += SECOND;
      assertFalse(doubt.unknown(data(7), false, now), "a second time before the answer");
    }
  }

  @Test
  void aBurstIsNoSign() {
    for (int i = 0; i < 1000; i++) {
      assertFalse(doubt.unknown(data(7), false, now + i));
    }
  }

  /** The group rekeys again and again, and we hear none of it. */
  @Test
  void changingSpisRaiseDoubtWhenNothingAuthenticComes() {
    assertEquals(1, doubts(2 * MINUTE, this::data, false));
  }

  /** Whoever can only forge does not make a member doubt that reads the group's traffic. */
  @Test
  void randomSpisDoNothingWhileAuthenticTrafficComes() {
    assertEquals(0, doubts(HOUR, this::data, true));
  }

  /** Registrations that a flood of one forged SPI costs while the group goes on as it was. */
  @Test
  void aDayOfForgedSpisCostsFewRegistrations() {
    int first = doubts(24 * HOUR, i -> data(7), true);
    assertTrue(first >= 1 && first <= 9, first + " registrations on the first day");
    int second = doubts(24 * HOUR, i -> data(7), true);
    assertTrue(second <= 2, second + " registrations on the second day");
  }

  @Test
  void aDoubtThatWasRightKeepsTheNextOneQuick() {
    for (int change = 0; change < 5; change++) {
      GroupSaId spi = data(change);
      long started = now;
      while (!doubt.unknown(spi, false, now)) {
        now += SECOND;
        assertTrue(now < started + 2 * MINUTE, "change " + change);
      }
      doubt.registered(true, now);
      doubt.ours(List.of(spi));
    }
  }

  @Test
  void anAnnouncedSpiIsASignAtOnce() {
    assertTrue(doubt.unknown(data(7), true, now));
    doubt.registered(false, now);
    // the announcement still stands, and whoever knows it sends once more
    assertFalse(doubt.unknown(data(7), true, now + 5 * MINUTE));
    assertTrue(doubt.unknown(data(7), true, now + 20 * MINUTE));
  }

  @Test
  void afterARestartAnUnknownRekeySaIsASignAtOnce() {
    assertFalse(doubt.unknown(rekey(7), false, now));
    doubt.unconfirmed();
    assertFalse(doubt.unknown(data(7), false, now), "one packet of a data SA is none");
    assertTrue(doubt.unknown(rekey(8), false, now));
    doubt.registered(true, now);
    assertFalse(doubt.unknown(rekey(9), false, now + HOUR));
  }

  /** Rekeys came between the GCKS's answer and our listening; the next one tells. */
  @Test
  void aNewMemberDoubtsWhenItHearsARekeyOfAnUnknownSa() {
    doubt.registered(true, now);
    assertFalse(doubt.unknown(rekey(1), false, now + 2 * SECOND), "a copy of its own rekey");
    assertTrue(doubt.unknown(rekey(2), false, now + 40 * SECOND));
  }

  @Test
  void aMemberThatFollowedARekeyDoesNot() {
    doubt.registered(true, now);
    doubt.rekeyed(now + SECOND);
    assertFalse(doubt.unknown(rekey(2), false, now + 40 * SECOND));
  }

  /** One forged datagram does not set a whole fleet registering. */
  @Test
  void noMoreDoesOneThatIsAMemberForLong() {
    doubt.registered(true, now);
    assertFalse(doubt.unknown(rekey(2), false, now + 6 * MINUTE));
  }

  /** DTD is over, and a slow sender still uses the old SA. */
  @Test
  void latePacketsOfOurOwnOldSasAreNoSign() {
    doubt.ours(List.of(data(1), rekey(1)));
    for (int i = 2; i < 8; i++) {
      doubt.ours(List.of(data(i), rekey(i)));
    }
    assertEquals(0, doubts(HOUR, i -> data(1), false));
  }

  /** Random SPIs cannot push a real one out of sight. */
  @Test
  void aRealStrangerIsSeenInAFlood() {
    boolean raised = doubt.unknown(data(7), false, now);
    for (int i = 0; i < 600 && !raised; i++) {
      now += SECOND / 5;
      doubt.authentic(now);
      for (int forged = 0; forged < 20; forged++) {
        assertFalse(doubt.unknown(data(1000 + 20 * i + forged), false, now));
      }
      raised = i % 5 == 0 && doubt.unknown(data(7), false, now);
    }
    assertTrue(raised);
  }

  /** One sign a second; the registration each doubt leads to finds the group as it was. */
  private int doubts(long nanos, IntFunction<GroupSaId> signs, boolean authentic) {
    int raised = 0;
    long end = now + nanos;
    for (int i = 0; now < end; i++) {
      now += SECOND;
      if (authentic) {
        doubt.authentic(now);
      }
      if (doubt.unknown(signs.apply(i), false, now)) {
        raised++;
        doubt.registered(false, now);
      }
    }
    return raised;
  }

  private GroupSaId data(int number) {
    return GroupSaId.esp(new ByteWriter().u32(256 + number).toBytes());
  }

  private static GroupSaId rekey(int number) {
    return GroupSaId.rekey(new ByteWriter().u64(1).u64(number).toBytes());
  }
}

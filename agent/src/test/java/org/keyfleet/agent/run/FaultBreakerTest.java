package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultBreakerTest {
  private static final long SECOND = 1_000_000_000L;

  private final FaultBreaker breaker = new FaultBreaker(new Random(7));

  @Test
  void theFifthFaultInAMinuteIsOneTooMany() {
    for (int i = 0; i < 4; i++) {
      assertFalse(breaker.fault(i * SECOND));
    }
    assertTrue(breaker.fault(59 * SECOND));
    assertFalse(breaker.fault(59 * SECOND), "counts anew");
  }

  @Test
  void rareFaultsAreSurvived() {
    for (int i = 0; i < 100; i++) {
      assertFalse(breaker.fault(i * (16 * SECOND)));
    }
  }

  @Test
  void waitsGrowToTenMinutesAndStartAnewAfterAQuietTime() {
    long now = 0;
    long last = 0;
    for (int i = 0; i < 12; i++) {
      now = trip(now);
      last = breaker.nextWaitNanos();
      assertTrue(last >= 5 * SECOND / 2 && last <= 600 * SECOND, last + " ns");
    }
    assertTrue(last >= 300 * SECOND, last + " ns");
    trip(now + 2_000 * SECOND);
    assertTrue(breaker.nextWaitNanos() <= 5 * SECOND);
  }

  private long trip(long now) {
    for (int i = 0; i < 4; i++) {
      assertFalse(breaker.fault(now));
    }
    assertTrue(breaker.fault(now));
    return now + SECOND;
  }
}

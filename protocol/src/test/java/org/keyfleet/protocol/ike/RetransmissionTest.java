package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.ike.Retransmission.Policy;

class RetransmissionTest {
  @Test
  void eachWaitIsLongerUntilItGivesUp() {
    Policy policy = new Policy(1000, 2, 4, 0);
    Random random = new Random(1);
    Retransmission step = Retransmission.start(policy, 0, random);
    long[] deadlines = {1000, 3000, 7000, 15000};
    for (int attempt = 1; attempt <= 4; attempt++) {
      assertEquals(attempt, step.attempt());
      assertEquals(deadlines[attempt - 1], step.deadlineNanos());
      assertFalse(step.isDue(step.deadlineNanos() - 1));
      assertTrue(step.isDue(step.deadlineNanos()));
      Optional<Retransmission> next = step.next(step.deadlineNanos(), random);
      assertEquals(attempt < 4, next.isPresent());
      step = next.orElse(step);
    }
  }

  @Test
  void jitterStaysInItsShare() {
    Policy policy = new Policy(1_000_000, 1, 2, 0.25);
    Random random = new Random(7);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 1000; i++) {
      long wait = Retransmission.start(policy, 0, random).deadlineNanos();
      least = Math.min(least, wait);
      most = Math.max(most, wait);
    }
    assertTrue(least >= 750_000 && least < 800_000, "least " + least);
    assertTrue(most <= 1_250_000 && most > 1_200_000, "most " + most);
  }

  @Test
  void clockMayWrapAround() {
    long now = Long.MAX_VALUE - 10;
    Retransmission step = Retransmission.start(new Policy(100, 1, 2, 0), now, new Random(1));
    assertFalse(step.isDue(now + 99));
    assertTrue(step.isDue(now + 100));
  }

  @Test
  void standardPolicyTakesOverAMinute() {
    Random random = new Random(1);
    Optional<Retransmission> step = Optional.of(Retransmission.start(Policy.STANDARD, 0, random));
    long end = 0;
    int attempts = 0;
    while (step.isPresent()) {
      attempts++;
      end = step.get().deadlineNanos();
      step = step.get().next(end, random);
    }
    assertEquals(6, attempts);
    assertTrue(end > 60_000_000_000L && end < 120_000_000_000L, "end " + end);
  }

  @Test
  void policiesWithoutSense() {
    assertThrows(IllegalArgumentException.class, () -> new Policy(0, 2, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 0.5, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 2, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 2, 3, 1.5));
  }
}

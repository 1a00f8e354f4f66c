package org.keyfleet.gcks.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private final BackOff backOff = new BackOff(new Random(7));

  @Test
  void onlyTheFirstFailureAndTheFirstSuccessAreNews() {
    assertFalse(backOff.succeeded());
    assertTrue(backOff.failed(0));
    assertFalse(backOff.failed(5_000));
    assertTrue(backOff.succeeded());
    assertFalse(backOff.succeeded());
    assertFalse(backOff.waits(5_001));
  }

  @Test
  void anHourOfTicksIsAHundredTries() {
    int tries = 0;
    for (long now = 0; now < 3_600_000; now += 20) {
      if (!backOff.waits(now)) {
        backOff.failed(now);
        tries++;
      }
    }
    assertEquals(75, tries, 35);
  }
}

package org.keyfleet.agent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
  private final ReplayWindow window = new ReplayWindow();

  @Test
  void eachNumberIsAcceptedOnce() {
    assertTrue(window.accept(1));
    assertFalse(window.accept(1));
    assertTrue(window.accept(3));
    assertTrue(window.accept(2));
    assertFalse(window.accept(2));
    assertFalse(window.accept(3));
  }

  /** RFC 4303 section 3.3.3: the first packet has number 1. */
  @Test
  void zeroIsNoNumber() {
    assertFalse(window.accept(0));
    assertTrue(window.accept(1));
    assertFalse(window.accept(0));
  }

  @Test
  void edgesOfTheWindow() {
    assertTrue(window.accept(5000));
    assertTrue(window.accept(5000 - ReplayWindow.WINDOW_PACKETS + 1));
    assertFalse(window.accept(5000 - ReplayWindow.WINDOW_PACKETS));
    assertTrue(window.accept(0xffff_ffffL));
    assertFalse(window.accept(0xffff_ffffL));
    assertFalse(window.accept(5001));
  }

  @Test
  void longJumpForgetsEverythingBelow() {
    for (long i = 1; i <= 2000; i++) {
      assertTrue(window.accept(i));
    }
    long far = 2000 + 3L * ReplayWindow.WINDOW_PACKETS;
    assertTrue(window.accept(far));
    for (long i = far - ReplayWindow.WINDOW_PACKETS + 1; i < far; i++) {
      assertTrue(window.accept(i), "number " + i);
      assertFalse(window.accept(i), "number " + i);
    }
  }

  /** Against a set that forgets nothing. */
  @Test
  void agreesWithASetOnRandomNumbers() {
    long seed = 20261123;
    Random random = new Random(seed);
    Set<Long> seen = new HashSet<>();
    long highest = 0;
    for (int i = 0; i < 100_000; i++) {
      long number = Math.max(1, highest - 1200 + random.nextInt(1300));
      boolean isNew =
          number > highest
              || (highest - number < ReplayWindow.WINDOW_PACKETS && !seen.contains(number));
      assertEquals(isNew, window.mayBeNew(number), "seed " + seed + " step " + i);
      assertEquals(isNew, window.accept(number), "seed " + seed + " step " + i);
      seen.add(number);
      highest = Math.max(highest, number);
    }
  }
}

package org.keyfleet.agent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.SequenceNumbers;

class ReplayGuardTest {
  private final ReplayGuard guard = new ReplayGuard(SequenceNumbers.UNSPECIFIED_32);

  /** Windows are few; a sender whose window was closed still cannot be replayed. */
  @Test
  void moreSendersThanWindowsReopenNoReplay() {
    for (long id = 0; id < 2 * ReplayGuard.MAX_WINDOWS; id++) {
      assertTrue(guard.accept(id << 48, 1));
      assertTrue(guard.accept(id << 48, 9));
    }
    for (long id = 0; id < 2 * ReplayGuard.MAX_WINDOWS; id++) {
      assertFalse(guard.mayBeNew(id << 48, 1), "sender " + id);
      assertFalse(guard.accept(id << 48, 9), "sender " + id);
      assertTrue(guard.accept(id << 48, 10), "sender " + id);
    }
  }

  @Test
  void sendersAreBoundedAndTheKnownOnesGoOn() {
    for (long id = 0; id < ReplayGuard.MAX_SENDERS; id++) {
      assertTrue(guard.accept(id << 48, 1));
    }
    assertFalse(guard.mayBeNew((long) ReplayGuard.MAX_SENDERS << 48, 1));
    assertFalse(guard.accept((long) ReplayGuard.MAX_SENDERS << 48, 1));
    assertTrue(guard.accept(0, 2));
    assertEquals(ReplayGuard.MAX_SENDERS, guard.senders());
  }

  @Test
  void nothingBelowARestoredMarkIsTaken() {
    long iv = 7L << 48;
    guard.restore(new ReplayMark(7L << 16, 100));
    for (long sequence = 0; sequence < 100; sequence++) {
      assertFalse(guard.mayBeNew(iv, sequence));
      assertFalse(guard.accept(iv, sequence));
    }
    assertTrue(guard.accept(iv, 130));
    assertFalse(guard.accept(iv, 99));
    for (long sequence = 100; sequence < 130; sequence++) {
      assertTrue(guard.accept(iv, sequence), "number " + sequence);
      assertFalse(guard.accept(iv, sequence), "number " + sequence);
    }
  }
}

package org.keyfleet.protocol.keytree.histories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Forward and backward access control and recovery after every event, for every group of people who
 * work together. Repeat a run with {@code -Dkeyfleet.seed=N}, make it longer with {@code
 * -Dkeyfleet.histories.events=N}; {@code ./keyfleet bench histories} plays a million events each.
 */
class HistoriesTest {
  private static final int BEGINNINGS = 20;

  private final long seed = Long.getLong("keyfleet.seed", System.nanoTime());
  private final long events = Long.getLong("keyfleet.histories.events", 20_000);

  @ParameterizedTest
  @EnumSource
  void nobodyOpensWhatIsNotForHim(HistoryAlgorithm algorithm) {
    System.out.println("HistoriesTest " + algorithm + " seed " + seed);
    Tally tally = algorithm.play(events, seed);
    assertEquals(events, tally.events());
    assertTrue(tally.joined() > events / 4, tally::toString);
    assertTrue(tally.evicted() > events / 4, tally::toString);
    assertTrue(tally.batches() > events / 10, tally::toString);
    assertTrue(tally.most() > 20, tally::toString);
    if (algorithm != HistoryAlgorithm.CS && algorithm != HistoryAlgorithm.SD) {
      assertTrue(tally.hosts() > events / 20, tally::toString);
      assertTrue(tally.refreshed() > events / 10, tally::toString);
    }
  }

  /** A tree grows in the first hundreds of events only. */
  @ParameterizedTest
  @EnumSource
  void norInAYoungGroup(HistoryAlgorithm algorithm) {
    for (int i = 0; i < BEGINNINGS; i++) {
      assertEquals(250, algorithm.play(250, seed + i).events(), () -> "seed " + seed);
    }
  }
}

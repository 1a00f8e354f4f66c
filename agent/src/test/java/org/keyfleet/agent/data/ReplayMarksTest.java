package org.keyfleet.agent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayMarksTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;

  private final ReplayMarks marks = new ReplayMarks();
  private long writes;

  @Test
  void firstPacketIsMarkedAtOnce() {
    marks.received(5, 1, 0);
    assertEquals(0, marks.dueNanos());
    assertEquals(List.of(new ReplayMark(5, 2)), marks.ahead(0));
  }

  /** Whatever the pace: about one write a minute, and a mark within a minute ahead. */
  @Test
  void steadySenderCostsAWriteAMinuteAndAMinuteAfterACrash() {
    for (long perMinute : new long[] {1, 60, 6_000, 60_000}) {
      ReplayMarks steady = new ReplayMarks();
      writes = 0;
      long nanosPerPacket = MINUTE / perMinute;
      long packets = Math.max(200, 20 * perMinute);
      for (long i = 1; i <= packets; i++) {
        receive(steady, 3, i, i * nanosPerPacket);
      }
      long minutes = packets / perMinute;
      assertTrue(writes <= minutes + 10, perMinute + " a minute: " + writes + " writes");
      long below = steady.all().get(0).below();
      assertTrue(below > packets && below <= packets + perMinute, perMinute + ": " + below);
    }
  }

  /** Ten packets each ten minutes: a crash costs two such bursts, not a minute at its pace. */
  @Test
  void burstsCostTwoBursts() {
    for (long i = 0; i < 1000; i++) {
      long now = i / 10 * 10 * MINUTE + i % 10 * SECOND / 50;
      if (now > marks.dueNanos()) {
        marks.written(marks.ahead(marks.dueNanos()), marks.dueNanos());
        writes++;
      }
      receive(marks, 3, i + 1, now);
      assertTrue(marks.all().get(0).below() <= i + 22, "packet " + i);
    }
    assertTrue(writes <= 300, writes + " writes");
  }

  /** As of senders without RFC 6054, where each packet looks like another sender. */
  @Test
  void manyNewSendersShareOneWriteASecond() {
    for (long i = 0; i < 3000; i++) {
      receive(marks, i, 1, i * SECOND / 1000);
    }
    assertTrue(writes <= 4, writes + " writes");
    assertTrue(marks.dueNanos() < 4 * SECOND);
  }

  @Test
  void restoredMarkStaysUntilItIsPassed() {
    marks.restore(new ReplayMark(1, 500));
    marks.received(2, 1, 0);
    List<ReplayMark> ahead = marks.ahead(0);
    assertEquals(1, ahead.size());
    assertEquals(2, ahead.get(0).sender());
    assertTrue(marks.exact().contains(new ReplayMark(1, 500)));
    assertTrue(marks.exact().contains(new ReplayMark(2, 2)));
  }

  @Test
  void failedWriteIsTriedAgainAfterAPause() {
    marks.received(2, 1, 7);
    marks.postpone(7);
    assertEquals(7 + ReplayMarks.PAUSE_NANOS, marks.dueNanos());
    marks.received(2, 2, 8);
    assertEquals(7 + ReplayMarks.PAUSE_NANOS, marks.dueNanos());
  }

  private void receive(ReplayMarks into, long sender, long sequence, long nowNanos) {
    into.received(sender, sequence, nowNanos);
    if (nowNanos >= into.dueNanos()) {
      into.written(into.ahead(nowNanos), nowNanos);
      writes++;
    }
  }
}

package org.keyfleet.agent.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far ahead of what was received the journal's marks are: as far as the sender goes in a
 * minute, and not further than twice as far as it came since the mark before. So a steady sender
 * costs one write a minute, and a crash costs a minute of its packets, none of a sender slower than
 * that. Writes are a second apart at least, so of a sender that has outrun its mark a crash opens
 * one second to replay. See docs/decisions/0041.
 */
final class ReplayMarks {
  static final long LEAD_NANOS = 60_000_000_000L;
  static final long PAUSE_NANOS = 1_000_000_000L;

  /** Also a bound on what is lost after a crash of a sender that has become slow. */
  static final int MAX_LEAD = 65_536;

  private static final long NEVER = EspSa.NEVER;

  /** One sender's mark, and what its pace is measured from. */
  private static final class Sender {
    private long highest;
    private long below;
    private long measuredFrom;
    private long measuredNanos;
    private boolean measured;
  }

  private final Map<Long, Sender> senders = new HashMap<>();
  private long dueNanos = NEVER;
  private long earliestNanos = Long.MIN_VALUE;

  /** A packet is about to be delivered. */
  void received(long id, long sequence, long nowNanos) {
    Sender sender = senders.computeIfAbsent(id, unused -> new Sender());
    sender.highest = Math.max(sender.highest, sequence);
    if (sender.highest >= sender.below) {
      dueNanos = Math.min(dueNanos, Math.max(nowNanos, earliestNanos));
    }
  }

  /** Takes up what the journal says. */
  void restore(ReplayMark mark) {
    Sender sender = senders.computeIfAbsent(mark.sender(), unused -> new Sender());
    sender.below = mark.below();
    sender.highest = mark.below() - 1;
    sender.measuredFrom = sender.highest;
  }

  /** When marks must be written; a time that does not come when there is no need. */
  long dueNanos() {
    return dueNanos;
  }

  /** New marks for every sender heard since its last one. */
  List<ReplayMark> ahead(long nowNanos) {
    List<ReplayMark> marks = new ArrayList<>();
    for (Map.Entry<Long, Sender> entry : senders.entrySet()) {
      Sender sender = entry.getValue();
      if (sender.highest > sender.measuredFrom) {
        marks.add(new ReplayMark(entry.getKey(), sender.highest + 1 + lead(sender, nowNanos)));
      }
    }
    return marks;
  }

  private static long lead(Sender sender, long nowNanos) {
    if (!sender.measured) {
      return 0;
    }
    double elapsed = (double) Math.max(1, nowNanos - sender.measuredNanos);
    long advance = sender.highest - sender.measuredFrom;
    double inAMinute = advance * (LEAD_NANOS / elapsed);
    // it grows by doubling: a burst says nothing about a minute
    return (long) Math.max(0, Math.min(inAMinute - 1, (double) Math.min(2 * advance, MAX_LEAD)));
  }

  /** They are on the disk. */
  void written(List<ReplayMark> marks, long nowNanos) {
    for (ReplayMark mark : marks) {
      Sender sender = senders.get(mark.sender());
      if (sender != null) {
        sender.below = mark.below();
        sender.measuredFrom = sender.highest;
        sender.measuredNanos = nowNanos;
        sender.measured = true;
      }
    }
    dueNanos = NEVER;
    earliestNanos = nowNanos + PAUSE_NANOS;
  }

  /** The disk or the token does not answer. */
  void postpone(long nowNanos) {
    earliestNanos = nowNanos + PAUSE_NANOS;
    dueNanos = earliestNanos;
  }

  /** Every sender's mark, for a snapshot: at least behind what was received. */
  List<ReplayMark> all() {
    List<ReplayMark> marks = new ArrayList<>();
    for (Map.Entry<Long, Sender> entry : senders.entrySet()) {
      Sender sender = entry.getValue();
      marks.add(new ReplayMark(entry.getKey(), Math.max(sender.below, sender.highest + 1)));
    }
    return marks;
  }

  /** Marks without any lead, for when nothing more is received. */
  List<ReplayMark> exact() {
    List<ReplayMark> marks = new ArrayList<>();
    for (Map.Entry<Long, Sender> entry : senders.entrySet()) {
      marks.add(new ReplayMark(entry.getKey(), entry.getValue().highest + 1));
    }
    return marks;
  }
}

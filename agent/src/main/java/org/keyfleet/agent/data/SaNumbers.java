package org.keyfleet.agent.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.SequenceNumbers;

/**
 * The numbers used with one key of one SA, sent and received. They outlive the SA: when the same
 * key comes again, by another rekey, a second registration or a leave and a join, they go on.
 */
final class SaNumbers {
  /** One Sender-ID that was ours, and how far it got. */
  private record Sending(SenderRole role, SendCounter counter) {}

  private final long spi;
  private final CounterReserve reserve;
  private final ReplayGuard replay;
  private final ReplayMarks marks = new ReplayMarks();
  private final List<Sending> sendings = new ArrayList<>();
  private long untilNanos = Long.MIN_VALUE;

  SaNumbers(long spi, SequenceNumbers numbers, CounterReserve reserve) {
    this.spi = spi;
    this.reserve = reserve;
    this.replay = new ReplayGuard(numbers);
  }

  long spi() {
    return spi;
  }

  /** Keeps them until the key cannot come again. */
  void keepUntil(long nanos) {
    untilNanos = Math.max(untilNanos, nanos);
  }

  long untilNanos() {
    return untilNanos;
  }

  /** Takes up what the journal says was received, before the first packet. */
  void restore(List<ReplayMark> received) {
    for (ReplayMark mark : received) {
      replay.restore(mark);
      marks.restore(mark);
    }
  }

  /** The counter of {@code role}, which has used every number below {@code firstFree}. */
  SendCounter counter(SenderRole role, long firstFree) {
    Optional<SendCounter> known = find(role);
    if (known.isPresent()) {
      known.get().skipTo(firstFree);
      return known.get();
    }
    SendCounter counter = new SendCounter(spi, Math.max(firstFree, firstFree(role)), reserve);
    sendings.add(new Sending(role, counter));
    return counter;
  }

  /**
   * The first number that {@code role} has never reserved. Another Sender-ID goes on behind the
   * ones before, so that the one mark in the journal holds for all of them; only when half of the
   * numbers are gone it starts from 1, as its share of the IVs allows.
   */
  long firstFree(SenderRole role) {
    Optional<SendCounter> known = find(role);
    if (known.isPresent()) {
      return known.get().firstFree();
    }
    long highest = 1;
    for (Sending sending : sendings) {
      highest = Math.max(highest, sending.counter.firstFree());
    }
    return highest > SendCounter.LAST / 2 ? 1 : highest;
  }

  private Optional<SendCounter> find(SenderRole role) {
    for (Sending sending : sendings) {
      if (sending.role.iv(0) == role.iv(0)) {
        return Optional.of(sending.counter);
      }
    }
    return Optional.empty();
  }

  /** Whether a packet was sent by us, under this Sender-ID or an earlier one. */
  boolean isOurs(long iv) {
    for (Sending sending : sendings) {
      if (sending.role.isOurs(iv)) {
        return true;
      }
    }
    return false;
  }

  ReplayGuard replay() {
    return replay;
  }

  ReplayMarks marks() {
    return marks;
  }
}

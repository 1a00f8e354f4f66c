package org.keyfleet.agent.data;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keyfleet.protocol.gikev2.SequenceNumbers;

/**
 * The replay windows of one SA. With a single sender there is one. With several, RFC 9838 section
 * 2.6 leaves replay protection to the receiver: senders count each for itself, so each has a window
 * of its own, told apart by the upper half of the IV, where the Sender-ID stands (RFC 6054).
 */
final class ReplayGuard {
  /** Windows in memory; of a sender silent longer only its highest number is kept. */
  static final int MAX_WINDOWS = 256;

  /**
   * Senders over the life of one key. A further one is not heard: to forget one instead would open
   * it to replay.
   */
  static final int MAX_SENDERS = 4096;

  private static final long ONLY_SENDER = 0;

  private final boolean perSender;
  private final Map<Long, ReplayWindow> windows = new LinkedHashMap<>(4, 0.75f, true);

  /** Of senders without a window: the lowest number that can be new. */
  private final Map<Long, Long> silent = new HashMap<>();

  ReplayGuard(SequenceNumbers numbers) {
    this.perSender = numbers != SequenceNumbers.SEQUENTIAL_32;
  }

  /** Before the ICV is checked: whether it is worth checking. */
  boolean mayBeNew(long iv, long sequence) {
    long sender = sender(iv);
    ReplayWindow window = windows.get(sender);
    if (window != null) {
      return window.mayBeNew(sequence);
    }
    Long below = silent.get(sender);
    return below == null ? sequence > 0 && senders() < MAX_SENDERS : sequence >= below;
  }

  /** After the ICV was found right: whether the packet is new. */
  boolean accept(long iv, long sequence) {
    if (!mayBeNew(iv, sequence)) {
      return false;
    }
    long sender = sender(iv);
    ReplayWindow window = windows.get(sender);
    if (window == null) {
      Long below = silent.remove(sender);
      window = below == null ? new ReplayWindow() : ReplayWindow.startingAt(below);
      windows.put(sender, window);
      closeOldest();
    }
    return window.accept(sequence);
  }

  /** Takes up what the journal says, before the first packet. */
  void restore(ReplayMark mark) {
    if (senders() < MAX_SENDERS) {
      silent.put(mark.sender(), mark.below());
    }
  }

  /** Which window a packet belongs to. */
  long sender(long iv) {
    return perSender ? iv >>> Integer.SIZE : ONLY_SENDER;
  }

  int senders() {
    return windows.size() + silent.size();
  }

  private void closeOldest() {
    if (windows.size() > MAX_WINDOWS) {
      Map.Entry<Long, ReplayWindow> oldest = windows.entrySet().iterator().next();
      silent.put(oldest.getKey(), oldest.getValue().highest() + 1);
      windows.remove(oldest.getKey());
    }
  }
}

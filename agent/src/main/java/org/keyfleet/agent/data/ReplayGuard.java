package org.keyfleet.agent.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keyfleet.protocol.gikev2.SequenceNumbers;

/**
 * The replay windows of one SA. With a single sender there is one. With several, RFC 9838 section
 * 2.6 leaves replay protection to the receiver: senders count each for itself, so each has a window
 * of its own, told apart by the upper half of the IV, where the Sender-ID stands (RFC 6054).
 */
final class ReplayGuard {
  /** When more senders than this are heard, the one silent longest is forgotten. */
  static final int MAX_SENDERS = 256;

  private static final long ONLY_SENDER = 0;

  private final boolean perSender;
  private final Map<Long, ReplayWindow> windows = new LinkedHashMap<>(4, 0.75f, true);

  ReplayGuard(SequenceNumbers numbers) {
    this.perSender = numbers != SequenceNumbers.SEQUENTIAL_32;
  }

  /** Before the ICV is checked: whether it is worth checking. */
  boolean mayBeNew(long iv, long sequence) {
    ReplayWindow window = windows.get(sender(iv));
    return window == null ? sequence > 0 : window.mayBeNew(sequence);
  }

  /** After the ICV was found right: whether the packet is new. */
  boolean accept(long iv, long sequence) {
    ReplayWindow window = windows.get(sender(iv));
    if (window == null) {
      window = new ReplayWindow();
      windows.put(sender(iv), window);
      forgetOldest();
    }
    return window.accept(sequence);
  }

  int senders() {
    return windows.size();
  }

  private void forgetOldest() {
    if (windows.size() > MAX_SENDERS) {
      Long oldest = windows.keySet().iterator().next();
      windows.remove(oldest);
    }
  }

  private long sender(long iv) {
    return perSender ? iv >>> Integer.SIZE : ONLY_SENDER;
  }
}

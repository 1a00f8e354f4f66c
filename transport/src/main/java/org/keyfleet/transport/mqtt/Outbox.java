package org.keyfleet.transport.mqtt;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.QueueLimits;

/**
 * What waits for the broker or for its acknowledgement, bounded. Paho has no queue: it rejects what
 * exceeds its window, so the window is kept here. Rekeys go first, and what only counts for a while
 * leaves them room: a flood of registrations keeps no rekey back. After a lost connection
 * everything that was not acknowledged goes out again, in order; MQTT QoS 1 may deliver it twice.
 */
final class Outbox {
  private static final int QUARTERS = 4;

  private final QueueLimits limits;
  private final int window;
  private final ArrayDeque<Outgoing> lasting = new ArrayDeque<>();
  private final ArrayDeque<Outgoing> passing = new ArrayDeque<>();
  private final Set<Outgoing> inFlight = new LinkedHashSet<>();
  private int octets;

  Outbox(QueueLimits limits, int window) {
    this.limits = limits;
    this.window = window;
  }

  /** False when it is full: the newest is dropped. */
  synchronized boolean offer(Outgoing outgoing) {
    int size = outgoing.datagram().size();
    int quarters = outgoing.lasting() ? QUARTERS : QUARTERS - 1;
    int count = lasting.size() + passing.size() + inFlight.size();
    boolean full = count >= share(limits.datagrams(), quarters);
    if (full || octets > share(limits.octets(), quarters) - size) {
      return false;
    }
    lane(outgoing).add(outgoing);
    octets += size;
    return true;
  }

  private static int share(int whole, int quarters) {
    return (int) ((long) whole * quarters / QUARTERS);
  }

  private ArrayDeque<Outgoing> lane(Outgoing outgoing) {
    return outgoing.lasting() ? lasting : passing;
  }

  /** The next to publish, now in flight; null when there is none or the window is full. */
  synchronized @Nullable Outgoing next(long nowNanos) {
    while (inFlight.size() < window && !(lasting.isEmpty() && passing.isEmpty())) {
      Outgoing first = (lasting.isEmpty() ? passing : lasting).remove();
      if (!first.expired(nowNanos)) {
        inFlight.add(first);
        return first;
      }
      octets -= first.datagram().size();
      first.link().dropped();
    }
    return null;
  }

  /** The broker has it, or has refused it. */
  synchronized void done(Outgoing outgoing) {
    if (inFlight.remove(outgoing)) {
      octets -= outgoing.datagram().size();
    }
  }

  /** Back to the head: Paho did not take it. */
  synchronized void putBack(Outgoing outgoing) {
    if (inFlight.remove(outgoing)) {
      lane(outgoing).addFirst(outgoing);
    }
  }

  /** The connection is gone: all that is in flight waits again, in its order. */
  synchronized void connectionLost() {
    Outgoing[] flying = inFlight.toArray(Outgoing[]::new);
    inFlight.clear();
    for (int i = flying.length - 1; i >= 0; i--) {
      lane(flying[i]).addFirst(flying[i]);
    }
  }

  synchronized boolean isEmpty() {
    return lasting.isEmpty() && passing.isEmpty() && inFlight.isEmpty();
  }
}

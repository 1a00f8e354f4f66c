package org.keyfleet.gcks.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.StoreException;

/**
 * Sends a group's rekey messages, each 1 + k times (RFC 9838 section 2.4.1.3), and to a broker
 * until that has them. What a crash interrupts is sent again from the store, the very same octets.
 */
final class RekeyOutbox {
  private final GroupSettings settings;
  private final GroupStore store;
  private final List<RekeyRoute> copied;
  private final List<RekeyLane> lanes;
  private final List<Entry> entries = new ArrayList<>();

  private static final class Entry {
    final RekeyMessageRow message;
    final AtomicInteger undelivered;
    int copiesLeft;
    long dueNanos;

    Entry(RekeyMessageRow message, int brokers, long dueNanos) {
      this.message = message;
      this.undelivered = new AtomicInteger(brokers * message.datagrams().size());
      this.copiesLeft = message.copiesLeft();
      this.dueNanos = dueNanos;
    }
  }

  RekeyOutbox(GroupSettings settings, GroupStore store, List<RekeyRoute> routes) {
    this.settings = settings;
    this.store = store;
    this.copied = routes.stream().filter(RekeyRoute::everyCopy).toList();
    this.lanes = routes.stream().filter(route -> !route.everyCopy()).map(RekeyLane::new).toList();
  }

  /** Takes up what was not sent to its end before a stop. */
  void resume(long nowNanos) throws StoreException {
    for (RekeyMessageRow message : store.dueMessages(settings.name())) {
      add(message, nowNanos);
    }
  }

  /** Sends the first copy at once. */
  void add(RekeyMessageRow message, long nowNanos) {
    copied.forEach(route -> route.send(message));
    Entry entry =
        new Entry(message, lanes.size(), nowNanos + settings.rekey().copySpacing().toNanos());
    entry.copiesLeft--;
    entries.add(entry);
    lanes.forEach(lane -> lane.add(message, entry.undelivered::decrementAndGet));
  }

  /** Sends the copies that are due. */
  void tick(long nowNanos) throws StoreException {
    lanes.forEach(RekeyLane::pump);
    Iterator<Entry> each = entries.iterator();
    while (each.hasNext()) {
      Entry entry = each.next();
      if (entry.copiesLeft > 0 && nowNanos - entry.dueNanos >= 0) {
        copied.forEach(route -> route.send(entry.message));
        entry.copiesLeft--;
        entry.dueNanos = nowNanos + settings.rekey().copySpacing().toNanos();
      }
      if (entry.copiesLeft <= 0 && entry.undelivered.get() <= 0) {
        store.write(to -> to.copiesLeft(entry.message.sequence(), 0));
        each.remove();
      }
    }
  }
}

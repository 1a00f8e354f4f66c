package org.keyfleet.agent.group;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.ike.TrafficSelector;

/**
 * Soft lifetimes: when an SA that nobody replaced makes the member register anew (RFC 9838 section
 * 2.4.1.4, RFC 4301 section 4.4.2.1).
 */
final class SoftLife {
  private SoftLife() {}

  /** The time at which {@code share} of an SA's life is over. */
  static long softEnd(long sinceNanos, long expiresNanos, double share) {
    return expiresNanos == AgentClock.NEVER
        ? AgentClock.NEVER
        : sinceNanos + (long) ((expiresNanos - sinceNanos) * share);
  }

  /**
   * The same for the data SAs: the first that ends without a successor, which is a later SA for the
   * same traffic.
   */
  static long ofNewest(List<DataPlane.Entry> entries, double share) {
    long soonest = AgentClock.NEVER;
    Set<TrafficSelector> followed = new HashSet<>();
    for (int i = entries.size() - 1; i >= 0; i--) {
      DataPlane.Entry entry = entries.get(i);
      if (!entry.retiring() && followed.add(entry.policy().destination())) {
        soonest = Math.min(soonest, softEnd(entry.sinceNanos(), entry.endNanos(), share));
      }
    }
    return soonest;
  }
}

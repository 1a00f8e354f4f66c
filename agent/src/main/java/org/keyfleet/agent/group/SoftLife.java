package org.keyfleet.agent.group;

import java.util.List;
import org.keyfleet.agent.data.DataPlane;

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

  /** The same for the data SA that was installed last; older ones have their successor. */
  static long ofNewest(List<DataPlane.Entry> entries, double share) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      DataPlane.Entry entry = entries.get(i);
      if (!entry.retiring()) {
        return softEnd(entry.sinceNanos(), entry.endNanos(), share);
      }
    }
    return AgentClock.NEVER;
  }
}

package org.keyfleet.agent.run;

import java.util.List;
import org.keyfleet.agent.group.GroupState;

/**
 * Collects the garbage of the start once the agent has come to rest. A member's heap hardly grows,
 * so the collector would not run for days, and the device would keep what reading certificates,
 * handshakes and registrations left behind. The virtual machine gives the pages back when its
 * options say so, as those of the device runtime do.
 */
final class StartGarbage {
  private static final long REST_NANOS = 5_000_000_000L;

  private boolean collected;
  private boolean resting;
  private long restingSinceNanos;

  /** Call whenever there is nothing to do; by the owner only. */
  void nothingToDo(List<GroupSlot> groups, long nowNanos) {
    if (collected) {
      return;
    }
    for (GroupSlot group : groups) {
      if (!(group.agent().state() instanceof GroupState.Member)) {
        resting = false;
        return;
      }
    }
    if (!resting) {
      resting = true;
      restingSinceNanos = nowNanos;
    } else if (nowNanos - restingSinceNanos >= REST_NANOS) {
      collected = true;
      System.gc();
    }
  }
}

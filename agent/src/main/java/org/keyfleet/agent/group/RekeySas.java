package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.gikev2.GroupSaId;

/**
 * The Rekey SAs of one group: the current one, and those it replaced until their end (RFC 9838
 * section 2.4.1.4).
 */
final class RekeySas implements AutoCloseable {
  /** One that was replaced. */
  private record Retiring(RekeySa sa, long endNanos) {}

  private final List<Retiring> retiring = new ArrayList<>();
  private @Nullable RekeySa current;

  @Nullable RekeySa current() {
    return current;
  }

  @Nullable RekeySa find(GroupSaId id) {
    RekeySa now = current;
    if (now != null && now.policy().id().equals(id)) {
      return now;
    }
    for (Retiring old : retiring) {
      if (old.sa.policy().id().equals(id)) {
        return old.sa;
      }
    }
    return null;
  }

  /** Forgets everything before {@code fresh}. */
  void restart(@Nullable RekeySa fresh) {
    close();
    current = fresh;
  }

  /** The old one "MUST be silently deleted after waiting" DTD. */
  void replace(RekeySa fresh, long oldEndNanos) {
    RekeySa old = current;
    if (old != null) {
      retiring.add(new Retiring(old, oldEndNanos));
    }
    current = fresh;
  }

  /**
   * Wipes what has reached its end. Section 4.4.2.2.1: "When the lifetime expires, the group
   * security association and all associated keys MUST be deleted."
   */
  void expire(long nowNanos) {
    for (int i = retiring.size() - 1; i >= 0; i--) {
      Retiring old = retiring.get(i);
      if (nowNanos >= old.endNanos || nowNanos >= old.sa.expiresNanos()) {
        old.sa.close();
        retiring.remove(i);
      }
    }
    RekeySa now = current;
    if (now != null && nowNanos >= now.expiresNanos()) {
      now.close();
      current = null;
    } else if (now != null) {
      now.opener().expire(nowNanos);
    }
  }

  /** When {@link #expire} has something to do next. */
  long nextEndNanos() {
    RekeySa now = current;
    long next = now == null ? AgentClock.NEVER : now.expiresNanos();
    for (Retiring old : retiring) {
      next = Math.min(next, Math.min(old.endNanos, old.sa.expiresNanos()));
    }
    return next;
  }

  @Override
  public void close() {
    RekeySa now = current;
    if (now != null) {
      now.close();
    }
    for (Retiring old : retiring) {
      old.sa.close();
    }
    current = null;
    retiring.clear();
  }
}

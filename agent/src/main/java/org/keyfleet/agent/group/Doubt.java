package org.keyfleet.agent.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.gikev2.GroupSaId;

/**
 * Whether our keys may be old: SPIs come by that we do not know. Anybody can send an SPI, so that a
 * sign is a reason to register anew only when it lasts, and a sign that proved wrong makes the next
 * one wait: a steady flood of forged SPIs costs a device some registrations on the first day and
 * then one a day. Pure; times are nanoseconds of the agent's clock.
 *
 * <p>Doubt arises when
 *
 * <ul>
 *   <li>an SPI comes that the GCKS announced for an SA that we do not have (RFC 9838 section
 *       4.4.2.2.3: "SHOULD re-register");
 *   <li>we come from a journal, and a rekey message of an unknown Rekey SA comes, or an unknown SPI
 *       in two slots of ten seconds; and the same for five minutes after a registration, since
 *       rekeys may have come between the GCKS's answer and our listening. Copies of the rekey that
 *       the registration itself caused come in its first ten seconds;
 *   <li>one unknown SPI comes in four of the last twelve slots;
 *   <li>unknown SPIs come in nine of them, and nothing authentic in any.
 * </ul>
 */
final class Doubt {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  // Ours
  static final long SLOT_NANOS = 10 * SECOND;
  private static final int SLOTS = 12;
  private static final int ALL_SLOTS = (1 << SLOTS) - 1;
  private static final int STEADY_SLOTS = 4;
  private static final int FRESH_SLOTS = 2;
  private static final int STORM_SLOTS = 9;
  private static final int MAX_STRANGERS = 8;
  private static final int MAX_OURS = 64;
  private static final long REST_NANOS = 30 * SECOND;
  private static final long FIRST_FALSE_REST_NANOS = 600 * SECOND;
  private static final int MAX_DOUBLINGS = 8;
  private static final long NEW_MEMBER_NANOS = 300 * SECOND;

  /** An SPI that we do not know, and the slots it came in; the newest slot is bit 0. */
  private static final class Stranger {
    final GroupSaId id;
    int slots;

    Stranger(GroupSaId id) {
      this.id = id;
    }
  }

  private final RandomGenerator random;
  private final List<Stranger> strangers = new ArrayList<>();
  private final ArrayDeque<GroupSaId> ours = new ArrayDeque<>();
  private long slot;
  private int unknownSlots;
  private int authenticSlots;
  private long unconfirmedFromNanos = Long.MAX_VALUE;
  private long unconfirmedUntilNanos = Long.MAX_VALUE;
  private boolean asked;
  private int falseDoubts;
  private long lastDoubtNanos;
  private long restUntilNanos = Long.MIN_VALUE;

  Doubt(RandomGenerator random) {
    this.random = random;
  }

  /** Nothing current was seen since the journal was read, or since the clock jumped. */
  void unconfirmed() {
    unconfirmedFromNanos = Long.MIN_VALUE;
    unconfirmedUntilNanos = Long.MAX_VALUE;
  }

  /** SAs that we have or had: late packets of these are no sign. */
  void ours(Collection<GroupSaId> ids) {
    for (GroupSaId id : ids) {
      if (!ours.contains(id)) {
        ours.addLast(id);
        strangers.removeIf(stranger -> stranger.id.equals(id));
        if (ours.size() > MAX_OURS) {
          ours.removeFirst();
        }
      }
    }
  }

  /** A packet or message that only a member can have made. */
  void authentic(long nowNanos) {
    advance(nowNanos);
    authenticSlots |= 1;
  }

  /** A rekey was applied: we are current. */
  void rekeyed(long nowNanos) {
    current(nowNanos, true);
  }

  /**
   * A registration was installed: we are as current as the GCKS's answer.
   *
   * @param changed whether it brought SAs that we did not have
   */
  void registered(boolean changed, long nowNanos) {
    current(nowNanos, changed);
    unconfirmedFromNanos = nowNanos + SLOT_NANOS;
    unconfirmedUntilNanos = nowNanos + NEW_MEMBER_NANOS;
  }

  private void current(long nowNanos, boolean changed) {
    advance(nowNanos);
    strangers.clear();
    unknownSlots = 0;
    authenticSlots = 1;
    unconfirmedFromNanos = Long.MAX_VALUE;
    if (asked) {
      asked = false;
      falseDoubts = changed ? 0 : Math.min(falseDoubts + 1, MAX_DOUBLINGS);
      restUntilNanos = nowNanos + rest();
    }
  }

  private long rest() {
    long nanos =
        falseDoubts == 0 ? REST_NANOS : Math.min(FIRST_FALSE_REST_NANOS << (falseDoubts - 1), DAY);
    return nanos * 3 / 4 + random.nextLong(nanos / 2);
  }

  /**
   * A message or packet of an SA that we do not have.
   *
   * @param announced whether the GCKS announced its SPI
   * @return whether to register anew; true once, until that registration or a rekey is installed
   */
  boolean unknown(GroupSaId id, boolean announced, long nowNanos) {
    if (ours.contains(id)) {
      return false;
    }
    advance(nowNanos);
    unknownSlots |= 1;
    Stranger stranger = stranger(id);
    if (stranger != null) {
      stranger.slots |= 1;
    }
    if (asked || nowNanos < restUntilNanos || !isSign(id, stranger, announced, nowNanos)) {
      return false;
    }
    asked = true;
    long quietDays = (nowNanos - lastDoubtNanos) / DAY;
    falseDoubts = (int) Math.max(0, falseDoubts - quietDays);
    lastDoubtNanos = nowNanos;
    return true;
  }

  private boolean isSign(
      GroupSaId id, @Nullable Stranger stranger, boolean announced, long nowNanos) {
    boolean unconfirmed = nowNanos >= unconfirmedFromNanos && nowNanos < unconfirmedUntilNanos;
    int seen = stranger == null ? 0 : Integer.bitCount(stranger.slots);
    boolean fresh = unconfirmed && (id.isRekeySa() || seen >= FRESH_SLOTS);
    boolean storm = Integer.bitCount(unknownSlots) >= STORM_SLOTS && authenticSlots == 0;
    return announced || fresh || seen >= STEADY_SLOTS || storm;
  }

  /** The entry of an SPI; null when there is no room: a newcomer only displaces who fell silent. */
  private @Nullable Stranger stranger(GroupSaId id) {
    Stranger silent = null;
    for (Stranger known : strangers) {
      if (known.id.equals(id)) {
        return known;
      }
      if ((known.slots & 0b11) == 0) {
        silent = known;
      }
    }
    if (strangers.size() >= MAX_STRANGERS) {
      if (silent == null) {
        return null;
      }
      strangers.remove(silent);
    }
    Stranger fresh = new Stranger(id);
    strangers.add(fresh);
    return fresh;
  }

  private void advance(long nowNanos) {
    long now = Math.floorDiv(nowNanos, SLOT_NANOS);
    int by = (int) Math.min(SLOTS, Math.max(0, now - slot));
    slot = Math.max(slot, now);
    if (by > 0) {
      unknownSlots = unknownSlots << by & ALL_SLOTS;
      authenticSlots = authenticSlots << by & ALL_SLOTS;
      for (Stranger stranger : strangers) {
        stranger.slots = stranger.slots << by & ALL_SLOTS;
      }
    }
  }
}

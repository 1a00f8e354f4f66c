package org.keyfleet.gcks.group;

import java.util.Optional;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;

/** When a group's batch, its SAs and its members' paths are due. */
final class RekeyTimetable {
  /** A Rekey SA ends here, so that starts of the server always find Message IDs above it. */
  private static final long LAST_MESSAGE_ID = 1L << 31;

  private final GroupSettings settings;
  private long batchMillis = Long.MAX_VALUE;
  private long lastHealMillis;

  RekeyTimetable(GroupSettings settings) {
    this.settings = settings;
  }

  /** Something waits for the end of the interval. */
  void awaitBatch(long nowMillis) {
    batchMillis = Math.min(batchMillis, nowMillis + settings.rekey().interval().toMillis());
  }

  void batchNow(long nowMillis) {
    batchMillis = nowMillis;
  }

  void batchDone() {
    batchMillis = Long.MAX_VALUE;
  }

  boolean batchDue(long nowMillis) {
    return nowMillis >= batchMillis;
  }

  static boolean rekeySaDue(GroupState state, long nowMillis) {
    Optional<RekeySaRow> sa = state.rekeySa();
    return sa.isPresent()
        && (sa.get().refreshMillis() <= nowMillis || sa.get().nextMessageId() > LAST_MESSAGE_ID);
  }

  static boolean dataSasDue(GroupState state, long nowMillis) {
    return state.dataSas().stream()
        .mapToLong(DataSaRow::refreshMillis)
        .anyMatch(t -> t <= nowMillis);
  }

  /** After a long stop the members' SAs have ended: nobody can be reached. */
  static boolean lapsed(GroupState state, long nowMillis) {
    return state.rekeySa().isPresent() && state.rekeySa().get().expiresMillis() <= nowMillis;
  }

  /**
   * Whether the next members' paths are due: in rotation, so that each is new once in an interval
   * (custody: tokens leak).
   *
   * @param batch members at a time
   */
  boolean healingDue(int members, int batch, long nowMillis) {
    if (settings.healInterval().isZero() || members == 0 || lastHealMillis == 0) {
      lastHealMillis = nowMillis;
      return false;
    }
    int rounds = (members + batch - 1) / batch;
    if (nowMillis - lastHealMillis < settings.healInterval().toMillis() / rounds) {
      return false;
    }
    lastHealMillis = nowMillis;
    return true;
  }
}

package org.keyfleet.gcks.group;

import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.protocol.ike.NotifyType;

/**
 * Refused joins in the audit trail: one line now and then, which counts those in between. Anyone
 * who can authenticate can ask as often as it likes, and each line costs a synced write.
 */
final class Refusals {
  private static final long SPACING_MILLIS = 10_000;

  private final String group;
  private final GroupStore store;
  private boolean any;
  private long lastMillis;
  private long unwritten;

  Refusals(String group, GroupStore store) {
    this.group = group;
    this.store = store;
  }

  void refused(NotifyType reason, String identity, long nowMillis) throws StoreException {
    if (any && nowMillis - lastMillis < SPACING_MILLIS) {
      unwritten++;
      return;
    }
    String detail = unwritten == 0 ? identity : identity + " (and " + unwritten + " before)";
    store.write(to -> to.audit(nowMillis, group, "refused " + reason, detail));
    any = true;
    lastMillis = nowMillis;
    unwritten = 0;
  }
}

package org.keyfleet.gcks.group;

import java.time.Duration;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.SenderGrantRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.gcks.store.StoreWriter;

/**
 * How many Sender-IDs one identity may take within the lifetime of a data SA. Without it a member
 * that registers over and over uses them all up, and then everybody must register anew (RFC 9838
 * section 2.5.1). It counts on disk, and across leaving and joining.
 */
final class SenderQuota {
  private static final int MAX_REGISTRATIONS = 16;

  /** No identity takes more than one part in so many, when the space is small. */
  private static final int MIN_SHARES = 8;

  private final GroupSettings settings;
  private final GroupStore store;

  SenderQuota(GroupSettings settings, GroupStore store) {
    this.settings = settings;
    this.store = store;
  }

  boolean allows(String identity, int ids, long nowMillis) throws StoreException {
    return ids == 0 || next(identity, ids, nowMillis).granted() <= most();
  }

  /** Counts a grant, in the transaction that makes it. */
  void count(StoreWriter to, String identity, int ids, long nowMillis) throws StoreException {
    if (ids > 0) {
      to.senderGrant(settings.name(), identity, next(identity, ids, nowMillis));
    }
  }

  private SenderGrantRow next(String identity, int ids, long nowMillis) throws StoreException {
    SenderGrantRow row = store.senderGrant(settings.name(), identity);
    return nowMillis - row.sinceMillis() >= windowMillis()
        ? new SenderGrantRow(nowMillis, ids)
        : new SenderGrantRow(row.sinceMillis(), row.granted() + ids);
  }

  private long windowMillis() {
    return settings.data().stream()
        .map(DataSaSettings::lifetime)
        .mapToLong(Duration::toMillis)
        .max()
        .orElse(0);
  }

  private long most() {
    long all = 1L << settings.senderIdBits();
    long share = Math.min((long) MAX_REGISTRATIONS * settings.maxSenderIds(), all / MIN_SHARES);
    return Math.max(Math.min(settings.maxSenderIds(), all), share);
  }
}

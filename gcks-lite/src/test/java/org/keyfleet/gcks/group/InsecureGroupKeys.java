package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.util.SortedMap;
import java.util.TreeMap;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.GroupSnapshot;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Every key that a group ever had, in clear, for tests that look for them where they must not be:
 * derived again from the group's master, as the server does.
 */
public final class InsecureGroupKeys {
  private final GroupKeys keys;
  private final CounterRow counters;

  /**
   * Derives the keys of {@code group}.
   *
   * @param custody of the server, open; stays the caller's
   * @param stored what the store knows of it
   */
  public InsecureGroupKeys(KeyCustody custody, String group, GroupSnapshot stored)
      throws CustodyException {
    if (custody.find(GroupKeys.masterName(group)).isEmpty()) {
      throw new IllegalArgumentException("no master key of group " + group);
    }
    this.counters = stored.counters();
    this.keys = GroupKeys.of(custody, group);
    keys.open(Bytes.EMPTY);
    keys.incarnations().begin(stored.incarnations(), counters, new SecureRandom());
  }

  /** By Key ID: the keys of the tree, the members' root keys K_m and the releasers R. */
  public SortedMap<Long, Bytes> wrappingKeys(int octets) throws CustodyException {
    SortedMap<Long, Bytes> all = new TreeMap<>();
    for (long keyId = 1; keyId < counters.nextKeyId(); keyId++) {
      all.put(keyId, shown(keys.wrappingKey(keyId, octets)));
    }
    return all;
  }

  /** Keying material of the Rekey SA of that number. */
  public Bytes rekeySa(long serial, int octets) throws CustodyException {
    return shown(keys.rekeySa(serial, octets));
  }

  /** Keying material of the data SA of that number. */
  public Bytes dataSa(long serial, int octets) throws CustodyException {
    return shown(keys.dataSa(serial, octets));
  }

  private static Bytes shown(SecretBytes key) {
    try (key) {
      return key.use(Bytes::copyOf);
    }
  }
}

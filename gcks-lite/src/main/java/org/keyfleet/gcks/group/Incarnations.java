package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.IncarnationRow;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Which life of the server gave out which ids. Each start draws new random octets, so a store that
 * was put back to an older state gives out the same ids again but never the same keys.
 */
final class Incarnations {
  private static final int RANDOM_OCTETS = 16;

  private final NavigableMap<Long, Bytes> byKeyId = new TreeMap<>();
  private final NavigableMap<Long, Bytes> bySerial = new TreeMap<>();
  private IncarnationRow current = new IncarnationRow(0, 0, Bytes.EMPTY);

  /** Takes up the earlier lives and begins a new one, whose ids are those that come next. */
  void begin(List<IncarnationRow> earlier, CounterRow counters, SecureRandom random) {
    byKeyId.clear();
    bySerial.clear();
    earlier.forEach(this::put);
    byte[] octets = new byte[RANDOM_OCTETS];
    random.nextBytes(octets);
    current = new IncarnationRow(counters.nextKeyId(), counters.nextSerial(), Bytes.copyOf(octets));
    put(current);
  }

  IncarnationRow current() {
    return current;
  }

  Bytes ofKeyId(long keyId) {
    return of(byKeyId, keyId);
  }

  Bytes ofSerial(long serial) {
    return of(bySerial, serial);
  }

  private void put(IncarnationRow row) {
    byKeyId.put(row.firstKeyId(), row.random());
    bySerial.put(row.firstSerial(), row.random());
  }

  private static Bytes of(NavigableMap<Long, Bytes> lives, long id) {
    Map.Entry<Long, Bytes> life = lives.floorEntry(id);
    if (life == null) {
      throw new IllegalStateException("id " + id + " is of no life of the server");
    }
    return life.getValue();
  }
}

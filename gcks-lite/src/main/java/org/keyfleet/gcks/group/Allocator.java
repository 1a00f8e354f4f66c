package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Gives out Key IDs, serial numbers, SPIs and Sender-IDs for one change. Nothing counts until the
 * change's transaction has written {@link #counters} and {@link #newSpis}; nothing written is ever
 * given out again.
 */
final class Allocator {
  /** RFC 4303 section 2.1: "values in the range 1 through 255 are reserved". */
  private static final long FIRST_SPI = 256;

  private static final int REKEY_SPI_OCTETS = 16;
  private static final long MAX_KEY_ID = 0xffff_ffffL;

  private final GroupSettings settings;
  private final GroupStore store;
  private final SecureRandom random;
  private final long nowMillis;
  private final List<Long> newSpis = new ArrayList<>();
  private long nextKeyId;
  private long nextSerial;
  private long nextSenderId;
  private long epoch;

  Allocator(
      GroupSettings settings,
      GroupStore store,
      SecureRandom random,
      CounterRow counters,
      long nowMillis) {
    this.settings = settings;
    this.store = store;
    this.random = random;
    this.nowMillis = nowMillis;
    this.nextKeyId = counters.nextKeyId();
    this.nextSerial = counters.nextSerial();
    this.nextSenderId = counters.nextSenderId();
    this.epoch = counters.epoch();
  }

  CounterRow counters() {
    return new CounterRow(nextKeyId, nextSerial, nextSenderId, epoch);
  }

  List<Long> newSpis() {
    return List.copyOf(newSpis);
  }

  long keyId() {
    if (nextKeyId > MAX_KEY_ID) {
      throw new IllegalStateException("group " + settings.name() + " has used every Key ID");
    }
    return nextKeyId++;
  }

  /** Whether so many Sender-IDs are left under the keys in use. */
  boolean hasSenderIds(int count) {
    return nextSenderId + count <= 1L << settings.senderIdBits();
  }

  List<Long> senderIds(int count) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(nextSenderId++);
    }
    return ids;
  }

  /** Starts over with Sender-IDs; only together with new data SAs and without any member. */
  void restartSenderIds() {
    nextSenderId = 0;
  }

  /** A Rekey SA in place of {@code old}, under the SPI that {@code old} has announced. */
  RekeySaRow rekeySa(Optional<RekeySaRow> old) {
    epoch++;
    Duration lifetime = settings.rekey().lifetime();
    return new RekeySaRow(
        nextSerial++,
        old.isPresent() ? old.get().nextSpi() : rekeySpi(),
        0,
        nowMillis + lifetime.toMillis(),
        refreshMillis(lifetime),
        settings.strict() ? keyId() : 0,
        rekeySpi());
  }

  /** Data SAs in place of {@code old}, under the SPIs that they have announced. */
  List<DataSaRow> dataSas(List<DataSaRow> old) throws StoreException {
    List<DataSaRow> fresh = new ArrayList<>();
    for (DataSaSettings data : settings.data()) {
      Optional<DataSaRow> before =
          old.stream().filter(sa -> sa.name().equals(data.name())).findFirst();
      fresh.add(
          new DataSaRow(
              data.name(),
              nextSerial++,
              before.isPresent() ? before.get().nextSpi() : dataSpi(),
              nowMillis + data.lifetime().toMillis(),
              refreshMillis(data.lifetime()),
              dataSpi()));
    }
    return List.copyOf(fresh);
  }

  /** A fifth of the lifetime is left for members that miss the first message. */
  private long refreshMillis(Duration lifetime) {
    return nowMillis + lifetime.toMillis() / 5 * 4;
  }

  private Bytes rekeySpi() {
    byte[] spi = new byte[REKEY_SPI_OCTETS];
    do {
      random.nextBytes(spi);
      // RFC 7296 section 3.1: an initiator's SPI of zero never occurs
    } while (spi[0] == 0 || spi[REKEY_SPI_OCTETS / 2] == 0);
    return Bytes.copyOf(spi);
  }

  private long dataSpi() throws StoreException {
    long spi;
    do {
      spi = Integer.toUnsignedLong(random.nextInt());
    } while (spi < FIRST_SPI || newSpis.contains(spi) || store.spiUsed(spi));
    newSpis.add(spi);
    return spi;
  }
}

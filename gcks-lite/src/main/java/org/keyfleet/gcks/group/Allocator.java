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

  /** Sender-IDs set aside at a time, and so the most that a start of the server costs. */
  private static final int SENDER_ID_BLOCK = 64;

  /** A start of the server takes a Message ID out of so many. */
  private static final int MESSAGE_ID_GAP = 1 << 28;

  /** Key IDs between those of a lost history and those that come after it. */
  private static final long KEY_ID_GAP = 1L << 20;

  private final GroupSettings settings;
  private final GroupStore store;
  private final SecureRandom random;
  private final long nowMillis;
  private final List<Long> newSpis = new ArrayList<>();
  private long nextKeyId;
  private long nextSerial;
  private long nextSenderId;
  private long senderIdEnd;
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
    this.senderIdEnd = counters.senderIdEnd();
    this.epoch = counters.epoch();
  }

  CounterRow counters() {
    return new CounterRow(nextKeyId, nextSerial, nextSenderId, senderIdEnd, epoch);
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

  /** Whether so many can be given out under the SAs in force. */
  boolean senderIdsSetAside(int count) {
    return nextSenderId + count <= senderIdEnd;
  }

  /** Sets Sender-IDs aside; only in a change that makes a new Rekey SA and new data SAs. */
  void setSenderIdsAside(int count) {
    if (!senderIdsSetAside(count)) {
      long all = 1L << settings.senderIdBits();
      long block = Math.min(SENDER_ID_BLOCK, all / SENDER_ID_BLOCK);
      senderIdEnd = Math.min(all, nextSenderId + count + block);
    }
  }

  List<Long> senderIds(int count) {
    if (!senderIdsSetAside(count)) {
      throw new IllegalStateException(count + " Sender-IDs are not set aside");
    }
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(nextSenderId++);
    }
    return ids;
  }

  /** Starts over with Sender-IDs; only together with new data SAs and without any member. */
  void restartSenderIds() {
    nextSenderId = 0;
    senderIdEnd = 0;
  }

  /** Leaves out the Key IDs that a lost history may have given out. */
  void skipKeyIds() {
    nextKeyId = Math.min(MAX_KEY_ID, nextKeyId + KEY_ID_GAP);
  }

  /**
   * What a server goes on with after a start. The store may have been put back to an older state,
   * so nothing is used that another history may have used: not the next Message ID but a random one
   * above it (gaps are allowed, RFC 9838 section 2.4.1.4), not the announced SPIs, and no Sender-ID
   * of those set aside.
   */
  GroupState started(GroupState stored) throws StoreException {
    nextSenderId = senderIdEnd;
    Optional<RekeySaRow> rekeySa =
        stored
            .rekeySa()
            .map(
                sa ->
                    sa.withNextMessageId(sa.nextMessageId() + 1 + random.nextInt(MESSAGE_ID_GAP))
                        .withNextSpi(rekeySpi()));
    List<DataSaRow> dataSas = new ArrayList<>();
    for (DataSaRow sa : stored.dataSas()) {
      dataSas.add(sa.withNextSpi(dataSpi()));
    }
    return new GroupState(counters(), rekeySa, dataSas);
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

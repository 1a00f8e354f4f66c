package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.keyfleet.agent.data.ReplayMark;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A membership as the journal keeps it: policies, numbers, and keys wrapped under keys of the
 * token. Times are milliseconds of the wall clock, since nothing else survives a restart.
 *
 * @param writtenMillis when it was written, or the last entry after it: no start is earlier
 * @param registeredMillis when the registration was done
 * @param rekeysApplied since then
 * @param tree how the group uses its key tree
 * @param senderIds ours
 * @param senderIdBits GWP_SENDER_ID_BITS
 * @param book the key path
 */
record GroupSnapshot(
    long writtenMillis,
    long registeredMillis,
    long rekeysApplied,
    TreePolicy tree,
    Timing timing,
    List<SenderId> senderIds,
    OptionalInt senderIdBits,
    KeyPathBook book,
    RekeySaEntry rekeySa,
    List<DataSaEntry> dataSas) {
  GroupSnapshot {
    senderIds = List.copyOf(senderIds);
    dataSas = List.copyOf(dataSas);
  }

  /** GWP_ATD and GWP_DTD in seconds; zero where the GCKS sent none (RFC 9838 section 4.4.3.1.1). */
  record Timing(int activationSeconds, int deactivationSeconds) {}

  /**
   * The Rekey SA.
   *
   * @param policy with the GCAUTH of the registration
   * @param authKey the current AUTH_KEY; empty with implicit authentication
   * @param nextMessageId the lowest acceptable one, 0 to 2^32
   * @param keymat its keying material: the first under a key of the path, each other one under
   *     GSK_w from the one before it
   */
  record RekeySaEntry(
      RekeySaPolicy policy,
      Optional<Bytes> authKey,
      long nextMessageId,
      long expiresMillis,
      List<WrappedKey> keymat) {
    RekeySaEntry {
      keymat = List.copyOf(keymat);
    }
  }

  /**
   * A Data-Security SA.
   *
   * @param sender whether we send over it
   * @param firstFreeCounter the first counter never reserved
   * @param received nothing below these marks is taken any more
   * @param endMillis the end of its lifetime or of DTD
   * @param retiring whether it was deleted and waits for DTD
   * @param wrappedKeymat under GSK_w of the Rekey SA above
   */
  record DataSaEntry(
      DataSaPolicy policy,
      boolean tunnel,
      boolean sender,
      long firstFreeCounter,
      List<ReplayMark> received,
      long endMillis,
      boolean retiring,
      Bytes wrappedKeymat) {
    DataSaEntry {
      received = List.copyOf(received);
    }

    private DataSaEntry with(long firstFree, List<ReplayMark> marks) {
      return new DataSaEntry(
          policy, tunnel, sender, firstFree, marks, endMillis, retiring, wrappedKeymat);
    }

    private DataSaEntry withCounter(long firstFree) {
      return with(Math.max(firstFree, firstFreeCounter), received);
    }

    private DataSaEntry withMarks(List<ReplayMark> fresh) {
      Map<Long, ReplayMark> bySender = new LinkedHashMap<>();
      received.forEach(mark -> bySender.put(mark.sender(), mark));
      fresh.forEach(mark -> bySender.put(mark.sender(), mark));
      return with(firstFreeCounter, List.copyOf(bySender.values()));
    }
  }

  boolean strict() {
    return tree.strict();
  }

  boolean holds(Bytes spi) {
    return dataSas.stream().anyMatch(sa -> sa.policy().id().spi().equals(spi));
  }

  /** The same with counters reserved after the snapshot was written. */
  GroupSnapshot withCounter(Bytes spi, long firstFree, long atMillis) {
    return with(spi, sa -> sa.withCounter(firstFree), atMillis);
  }

  /** The same with what was received after the snapshot was written. */
  GroupSnapshot withMarks(Bytes spi, List<ReplayMark> marks, long atMillis) {
    return with(spi, sa -> sa.withMarks(marks), atMillis);
  }

  private GroupSnapshot with(Bytes spi, UnaryOperator<DataSaEntry> change, long atMillis) {
    List<DataSaEntry> changed = new ArrayList<>();
    for (DataSaEntry sa : dataSas) {
      changed.add(sa.policy().id().spi().equals(spi) ? change.apply(sa) : sa);
    }
    return new GroupSnapshot(
        atMillis,
        registeredMillis,
        rekeysApplied,
        tree,
        timing,
        senderIds,
        senderIdBits,
        book,
        rekeySa,
        changed);
  }
}

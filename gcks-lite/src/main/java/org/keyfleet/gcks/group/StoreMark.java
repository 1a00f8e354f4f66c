package org.keyfleet.gcks.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Tells a store that was put back to an older state. Store and custody count the starts and orderly
 * stops of the server: the custody in the name of a key, which is never used otherwise.
 */
public final class StoreMark {
  private static final String LABEL = "keyfleet-store-mark";

  private StoreMark() {}

  /**
   * Counts a start of the server.
   *
   * @param restored the operator says that the store was put back, and lets every group start over
   * @throws StoreException when the store is older than the custody remembers, and the operator
   *     does not say so
   */
  public static void started(GroupStore store, KeyCustody custody, boolean restored)
      throws StoreException, CustodyException {
    long inCustody = newest(marks(custody));
    long inStore = store.mark();
    if (inStore < inCustody && !restored) {
      throw new StoreException(
          "the store is older than the key custody remembers (mark "
              + inStore
              + " of "
              + inCustody
              + "): it was restored, rolled back or lost; 'serve --restored' goes on with it and"
              + " lets all members register anew; check first who was evicted since");
    }
    advance(store, custody);
  }

  /** Moves the mark in both. */
  public static void advance(GroupStore store, KeyCustody custody)
      throws StoreException, CustodyException {
    List<KeyName> marks = marks(custody);
    // store first: a crash in between leaves the store ahead, which is no rollback
    long next = Math.max(store.mark(), newest(marks)) + 1;
    store.write(to -> to.mark(next));
    custody.generateSecret(name(next), KeyRole.MAC, KeyLifetime.PERSISTENT);
    for (KeyName old : marks) {
      Optional<KeyRef> key = custody.find(old);
      if (key.isPresent()) {
        custody.destroy(key.get());
      }
    }
  }

  private static long newest(List<KeyName> marks) {
    return marks.stream().mapToLong(StoreMark::number).max().orElse(0);
  }

  private static List<KeyName> marks(KeyCustody custody) throws CustodyException {
    List<KeyName> marks = new ArrayList<>();
    for (KeyRecord key : custody.inventory()) {
      if (key.name().label().equals(LABEL) && key.name().id().size() == Long.BYTES) {
        marks.add(key.name());
      }
    }
    return marks;
  }

  private static KeyName name(long number) {
    return new KeyName(LABEL, new ByteWriter().u64(number).toBytes());
  }

  private static long number(KeyName mark) {
    try {
      return mark.id().reader().u64("mark");
    } catch (MalformedMessageException e) {
      throw new IllegalStateException("eight octets are a number", e);
    }
  }
}

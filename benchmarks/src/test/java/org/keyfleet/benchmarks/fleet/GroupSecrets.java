package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.keyfleet.benchmarks.fleet.SecretSearch.Secret;
import org.keyfleet.gcks.group.InsecureGroupKeys;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.GroupSnapshot;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.SqliteStore;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.PinSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * The keys of a fleet's group in clear, from the files of its server, which is down.
 *
 * @param keks every key of the tree, root key and releaser of all epochs, by Key ID
 * @param inUse GSK_e of the Rekey SA and the traffic keys, which members hold in host memory
 * @param earlier the same by every other number, of earlier epochs or never used
 */
record GroupSecrets(SortedMap<Long, Bytes> keks, List<Secret> inUse, List<Secret> earlier) {
  private static final KeyWrap WRAP = KeyWrap.KW_5649_256;
  private static final int GSK_E_OCTETS = 36; // AES-256-GCM, the policy's default: key and salt
  private static final int KEYMAT_OCTETS = GSK_E_OCTETS + 32; // and GSK_w
  private static final int TRAFFIC_KEY_OCTETS = 20; // AES-128-GCM, the policy's default

  /** Reads the files in the server's folder. */
  static GroupSecrets of(Path server) throws IOException, StoreException, CustodyException {
    GroupSnapshot group;
    try (SqliteStore store = SqliteStore.open(server.resolve("state/gcks.db"))) {
      group = store.group(FleetOptions.GROUP).orElseThrow();
    }
    char[] pin = PinSource.file(server.resolve("gcks.pin")).pin();
    try (KeyCustody custody =
        CustodyFactory.of(
            new CustodyConfig.Soft(server.resolve("gcks.keys")), new SecureRandom())) {
      custody.open(pin);
      return of(group, new InsecureGroupKeys(custody, FleetOptions.GROUP, group));
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  private static GroupSecrets of(GroupSnapshot group, InsecureGroupKeys keys)
      throws CustodyException {
    RekeySaRow rekey = group.rekeySa().orElseThrow();
    List<Long> traffic = group.dataSas().stream().map(DataSaRow::serial).toList();
    List<Secret> inUse = new ArrayList<>();
    List<Secret> earlier = new ArrayList<>();
    for (long serial = 1; serial < group.counters().nextSerial(); serial++) {
      Secret gskE =
          new Secret("GSK_e " + serial, keys.rekeySa(serial, KEYMAT_OCTETS).slice(0, GSK_E_OCTETS));
      (serial == rekey.serial() ? inUse : earlier).add(gskE);
      Secret key = new Secret("traffic key " + serial, keys.dataSa(serial, TRAFFIC_KEY_OCTETS));
      (traffic.contains(serial) ? inUse : earlier).add(key);
    }
    return new GroupSecrets(keys.wrappingKeys(WRAP.keyOctets()), inUse, earlier);
  }

  static String kek(long keyId) {
    return "KEK " + keyId;
  }

  /** Everything, to be looked for in one pass. */
  SecretSearch search() {
    List<Secret> all = new ArrayList<>(inUse);
    all.addAll(earlier);
    keks.forEach((keyId, key) -> all.add(new Secret(kek(keyId), key)));
    return new SecretSearch(all);
  }

  /** The key {@code keyId} under the key {@code kwkId}, as it is on the wire and in journals. */
  Bytes wrapped(long keyId, long kwkId) {
    try (SecretBytes key = SecretBytes.takeFrom(octets(keyId));
        SecretBytes kwk = SecretBytes.takeFrom(octets(kwkId))) {
      return WRAP.wrap(kwk, key);
    }
  }

  private byte[] octets(long keyId) {
    Bytes key = keks.get(keyId);
    if (key == null) {
      throw new IllegalArgumentException("the server never gave out Key ID " + keyId);
    }
    return key.toArray();
  }
}

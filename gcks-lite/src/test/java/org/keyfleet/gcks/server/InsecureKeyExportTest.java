package org.keyfleet.gcks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.MulticastTarget;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The lines are those that Wireshark's own dialogs write. */
class InsecureKeyExportTest {
  @Test
  void linesAreWiresharksOwn(@TempDir Path directory) throws Exception {
    InsecureKeyExport export = new InsecureKeyExport(directory.resolve("keys"));
    RekeySaRow rekey =
        new RekeySaRow(
            1, Bytes.fromHex("a1a2a3a4a5a6a7a8b1b2b3b4b5b6b7b8"), 0, 0, 0, 0, Bytes.EMPTY);
    try (SecretBytes keymat = counting(20 + 32)) {
      export.rekeySa(rekey, SaSuite.AES_128_GCM16, keymat);
      export.rekeySa(rekey, SaSuite.AES_128_GCM16, keymat);
    }
    try (SecretBytes keymat = counting(32 + 64 + 16)) {
      export.rekeySa(rekey, SaSuite.AES_256_CBC_HMAC_SHA2_512, keymat);
    }
    MulticastTarget target =
        new MulticastTarget(
            java.net.InetAddress.getByName("239.1.2.3"), 5000, Optional.empty(), Optional.empty());
    try (SecretBytes keymat = counting(20)) {
      export.dataSa(
          new DataSaRow("d", 1, 0x1234L, 0, 0, 0),
          new DataSaSettings("d", SaSuite.AES_128_GCM16, Duration.ofHours(1), target, false),
          keymat);
    }
    Path ike = directory.resolve("keys/ikev2_decryption_table");
    String key = "000102030405060708090a0b0c0d0e0f10111213";
    String cbc = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    String mac =
        "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
            + "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f";
    assertEquals(
        List.of(
            "a1a2a3a4a5a6a7a8,b1b2b3b4b5b6b7b8,"
                + key
                + ","
                + key
                + ",\"AES-GCM-128 with 16 octet ICV [RFC5282]\",,,\"NONE [RFC4306]\"",
            "a1a2a3a4a5a6a7a8,b1b2b3b4b5b6b7b8,"
                + cbc
                + ","
                + cbc
                + ",\"AES-CBC-256 [RFC3602]\","
                + mac
                + ","
                + mac
                + ",\"HMAC_SHA2_512_256 [RFC4868]\""),
        Files.readAllLines(ike));
    assertEquals(
        List.of(
            "\"IPv4\",\"*\",\"239.1.2.3\",\"0x00001234\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x"
                + key
                + "\",\"NULL\",\"\""),
        Files.readAllLines(directory.resolve("keys/esp_sa")));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ike)));
  }

  private static SecretBytes counting(int octets) {
    byte[] value = new byte[octets];
    for (int i = 0; i < octets; i++) {
      value[i] = (byte) i;
    }
    return SecretBytes.takeFrom(value);
  }
}

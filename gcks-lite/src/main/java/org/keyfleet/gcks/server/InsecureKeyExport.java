package org.keyfleet.gcks.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.registration.KeyLog;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.WiresharkTables;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SkCipher;

/**
 * Writes Wireshark's key tables {@code ikev2_decryption_table} and {@code esp_sa}: whoever has them
 * reads everything. For debugging alone, off by default.
 */
final class InsecureKeyExport implements KeyLog {
  private static final System.Logger LOG = System.getLogger(InsecureKeyExport.class.getName());
  private static final int SPI_HALF_OCTETS = 8;

  private final Path ikeTable;
  private final Path espTable;
  private final Set<String> written = new HashSet<>();

  InsecureKeyExport(Path directory) throws IOException {
    Files.createDirectories(directory);
    this.ikeTable = directory.resolve("ikev2_decryption_table");
    this.espTable = directory.resolve("esp_sa");
    LOG.log(
        System.Logger.Level.WARNING,
        "ALL KEYS go to {0}, because insecure-key-export-dir is set; never do this in production",
        directory);
  }

  @Override
  public void insecureIkeSa(IkeSpi initiator, IkeSpi responder, IkeSuite suite, IkeSaKeys keys) {
    IkeSuite.Encryption encryption = suite.encryption();
    append(
        ikeTable,
        WiresharkTables.insecureIkeLine(
            initiator.octets(),
            responder.octets(),
            encryption.encryptionId(),
            encryption.keyBits(),
            encryption.integrityId(),
            keys.ei(),
            keys.er(),
            keys.ai(),
            keys.ar()));
  }

  void rekeySa(RekeySaRow sa, SaSuite suite, SecretBytes keymat) {
    SkCipher cipher = suiteCipher(suite);
    int integrityAt = cipher.encryptionKeyOctets();
    try (SecretBytes encryption = keymat.slice(0, integrityAt);
        SecretBytes integrity =
            keymat.slice(integrityAt, integrityAt + cipher.integrityKeyOctets())) {
      append(
          ikeTable,
          WiresharkTables.insecureIkeLine(
              sa.spi().slice(0, SPI_HALF_OCTETS),
              sa.spi().slice(SPI_HALF_OCTETS, sa.spi().size()),
              suite.encryptionId(),
              suite.keyBits(),
              suite.integrityId(),
              encryption,
              encryption,
              integrity,
              integrity));
    }
  }

  void dataSa(DataSaRow sa, DataSaSettings settings, SecretBytes keymat) {
    append(
        espTable,
        WiresharkTables.insecureEspLine(
            Bytes.copyOf(settings.target().address().getAddress()),
            new ByteWriter().u32(sa.spi()).toBytes(),
            settings.suite().encryptionId(),
            keymat));
  }

  private void append(Path file, String line) {
    if (!written.add(file + line)) {
      return;
    }
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, line + "\n", StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} cannot be written: {1}", file, e.getMessage());
    }
  }

  private static SkCipher suiteCipher(SaSuite suite) {
    return SkCipher.of(suite.encryptionId(), suite.keyBits(), suite.integrityId()).orElseThrow();
  }
}

package org.keyfleet.agent.run;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.keyfleet.agent.group.InsecureKeyObserver;
import org.keyfleet.agent.registration.IkeSa;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.WiresharkTables;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Writes every key as Wireshark's tables {@code ikev2_decryption_table} and {@code esp_sa}. Off
 * unless {@code [debug] insecure-key-export-dir} is set.
 */
final class InsecureKeyExport implements InsecureKeyObserver {
  private static final Logger LOG = System.getLogger(InsecureKeyExport.class.getName());
  private static final int SPI_HALF_OCTETS = 8;

  private final Path ikeTable;
  private final Path espTable;
  private final Set<Bytes> written = new HashSet<>();

  InsecureKeyExport(Path directory) throws IOException {
    Files.createDirectories(directory);
    this.ikeTable = directory.resolve("ikev2_decryption_table");
    this.espTable = directory.resolve("esp_sa");
    LOG.log(
        Level.WARNING,
        "ALL KEYS ARE WRITTEN to "
            + directory
            + " because insecure-key-export-dir is set; never do this in production");
  }

  @Override
  public void ikeSa(IkeSa sa) {
    IkeSuite.Encryption cipher = sa.suite().encryption();
    if (written.add(sa.initiatorSpi().octets())) {
      append(
          ikeTable,
          WiresharkTables.insecureIkeLine(
              sa.initiatorSpi().octets(),
              sa.responderSpi().octets(),
              cipher.encryptionId(),
              cipher.keyBits(),
              cipher.integrityId(),
              sa.keys().ei(),
              sa.keys().er(),
              sa.keys().ai(),
              sa.keys().ar()));
    }
  }

  @Override
  public void rekeySa(RekeySaPolicy policy, RekeySaKeys keys) {
    Bytes spi = policy.id().spi();
    CipherSuite cipher = policy.cipher();
    if (written.add(spi)) {
      append(
          ikeTable,
          WiresharkTables.insecureIkeLine(
              spi.slice(0, SPI_HALF_OCTETS),
              spi.slice(SPI_HALF_OCTETS, spi.size()),
              cipher.encryptionId(),
              cipher.keyBits(),
              cipher.integrityId(),
              keys.encryption(),
              keys.encryption(),
              keys.integrity(),
              keys.integrity()));
    }
  }

  @Override
  public void dataSa(DataSaPolicy policy, SecretBytes keyingMaterial) {
    if (written.add(policy.id().spi())) {
      append(
          espTable,
          WiresharkTables.insecureEspLine(
              policy.destination().start(),
              policy.id().spi(),
              policy.cipher().encryptionId(),
              keyingMaterial));
    }
  }

  private static void append(Path file, String line) {
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, line + "\n", StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.log(Level.WARNING, file + " cannot be written: " + e.getMessage());
    }
  }
}

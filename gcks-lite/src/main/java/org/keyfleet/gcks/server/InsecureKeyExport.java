package org.keyfleet.gcks.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.registration.KeyLog;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SkCipher;

/**
 * Writes Wireshark's key tables {@code ikev2_decryption_table} and {@code esp_sa}: whoever has them
 * reads everything. For debugging alone, off by default.
 */
final class InsecureKeyExport implements KeyLog {
  private static final System.Logger LOG = System.getLogger(InsecureKeyExport.class.getName());

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
        String.join(
            ",",
            initiator.octets().hex(),
            responder.octets().hex(),
            hex(keys.ei()),
            hex(keys.er()),
            quoted(ikeCipher(encryption.encryptionId(), encryption.keyBits())),
            hex(keys.ai()),
            hex(keys.ar()),
            quoted(integrity(encryption.integrityId()))));
  }

  void rekeySa(RekeySaRow sa, SaSuite suite, SecretBytes keymat) {
    SkCipher cipher = suiteCipher(suite);
    int integrityAt = cipher.encryptionKeyOctets();
    try (SecretBytes encryption = keymat.slice(0, integrityAt);
        SecretBytes integrity =
            keymat.slice(integrityAt, integrityAt + cipher.integrityKeyOctets())) {
      append(
          ikeTable,
          String.join(
              ",",
              sa.spi().slice(0, 8).hex(),
              sa.spi().slice(8, 16).hex(),
              hex(encryption),
              hex(encryption),
              quoted(ikeCipher(suite.encryptionId(), suite.keyBits())),
              hex(integrity),
              hex(integrity),
              quoted(integrity(suite.integrityId()))));
    }
  }

  void dataSa(DataSaRow sa, DataSaSettings settings, SecretBytes keymat) {
    String family = settings.target().address().getAddress().length == 4 ? "IPv4" : "IPv6";
    append(
        espTable,
        String.join(
            ",",
            quoted(family),
            quoted("*"),
            quoted(settings.target().address().getHostAddress()),
            quoted(String.format("0x%08x", sa.spi())),
            quoted("AES-GCM with 16 octet ICV [RFC4106]"),
            quoted("0x" + hex(keymat)),
            quoted("NULL"),
            quoted("")));
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

  private static String hex(SecretBytes secret) {
    return secret.use(HexFormat.of()::formatHex);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String ikeCipher(int encryptionId, int keyBits) {
    return switch (encryptionId) {
      case 20 -> "AES-GCM-" + keyBits + " with 16 octet ICV [RFC5282]";
      case 12 -> "AES-CBC-" + keyBits + " [RFC3602]";
      default -> "CHACHA20-POLY1305 [RFC7634]";
    };
  }

  private static String integrity(int integrityId) {
    return switch (integrityId) {
      case 12 -> "HMAC_SHA2_256_128 [RFC4868]";
      case 13 -> "HMAC_SHA2_384_192 [RFC4868]";
      case 14 -> "HMAC_SHA2_512_256 [RFC4868]";
      default -> "NONE [RFC4306]";
    };
  }
}

package org.keyfleet.gcks.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Reads the members' pre-shared keys: {@code [psk]} with {@code "identity" = "secret"}. */
public final class PskFile {
  private static final String HEX = "0x";

  private PskFile() {}

  /** The keys by identity; the caller closes them. A value of {@code 0x…} is read as hex. */
  public static Map<String, SecretBytes> read(Path file) throws SettingsException {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new SettingsException(file + ": is open to all: chmod o-rwx " + file);
      }
      TomlParseResult parsed = Toml.parse(file);
      String name = String.valueOf(file.getFileName());
      if (parsed.hasErrors()) {
        int line = parsed.errors().get(0).position().line();
        throw new SettingsException(
            name + ":" + line + ": is no TOML; wanted: [psk] with \"identity\" = \"secret\"");
      }
      StrictTable root = new StrictTable(name, "", 0, parsed);
      StrictTable table = root.table("psk");
      root.done();
      Map<String, SecretBytes> keys = new HashMap<>();
      for (String identity : table.freeKeys()) {
        keys.put(identity.toLowerCase(Locale.ROOT), secret(table, identity));
      }
      return keys;
    } catch (IOException e) {
      throw new SettingsException(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static SecretBytes secret(StrictTable table, String identity) throws SettingsException {
    String text = table.needText(identity);
    if (!text.startsWith(HEX)) {
      return SecretBytes.takeFrom(Bytes.ofUtf8(text).toArray());
    }
    try {
      return SecretBytes.takeFrom(HexFormat.of().parseHex(text.substring(HEX.length())));
    } catch (IllegalArgumentException e) {
      throw table.fault(identity, "starts with 0x and is no hex");
    }
  }
}

package org.keyfleet.gcks.server;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.gcks.policy.CustodySettings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.testkit.SoftHsm;

/** A token's URI that says where its PIN is (RFC 7512 section 2.4). */
class CustodyDoorTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void thePinIsWhereTheUriSays() throws Exception {
    String uri = SoftHsm.newToken("door", "123456".toCharArray()).toString();
    Path pin = Files.writeString(directory.resolve("pin"), "123456\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    String named = uri + "&pin-source=file:" + pin;
    try (KeyCustody custody =
        CustodyDoor.of(settings(named, Optional.empty())).open(new SecureRandom())) {
      assertTrue(custody.alive());
    }
    refused(named, Optional.of(pin), "names a pin-source: delete it");
    refused(uri + "&pin-source=%7C/bin/pin", Optional.empty(), "none is started here");
  }

  private static void refused(String uri, Optional<Path> pinFile, String says) {
    SettingsException refused =
        assertThrows(SettingsException.class, () -> CustodyDoor.of(settings(uri, pinFile)));
    assertTrue(String.valueOf(refused.getMessage()).contains(says), refused.getMessage());
  }

  private static CustodySettings settings(String uri, Optional<Path> pinFile) {
    return new CustodySettings(
        CustodySettings.Kind.PKCS11,
        Optional.empty(),
        Optional.of(uri),
        pinFile,
        Optional.empty(),
        "gcks");
  }
}

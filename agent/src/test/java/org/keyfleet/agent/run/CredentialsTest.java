package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.agent.config.ConfigReader;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SoftSigner;

/** Pre-shared keys (RFC 7296 section 2.15) from their file. */
class CredentialsTest {
  private static final String CONFIG =
      """
      [agent]
      id = "m1.example"
      state-directory = "state"
      [token]
      kind = "soft"
      file = "keys"
      label = "m1"
      [authentication]
      psk-file = "psk"
      [gcks]
      id = "gcks.example"
      address = "192.0.2.1"
      [[group]]
      name = "fleet"
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  /** "accept ASCII strings of at least 64 octets and MUST NOT add a null terminator". */
  @Test
  void secretIsTakenAsItStands() throws Exception {
    String text = "correct horse battery staple ".repeat(4);
    assertEquals(Bytes.ofUtf8(text), secret(text));
    assertEquals(Bytes.ofUtf8(text), secret(text + "\n"));
    assertEquals(Bytes.ofUtf8(text), secret(text + "\r\n"));
  }

  /** "It MUST also accept a hex encoding of the shared secret." */
  @Test
  void hexIsDecoded() throws Exception {
    assertEquals(Bytes.fromHex("00ff10"), secret("0x00ff10\n"));
    assertEquals(Bytes.ofUtf8("00ff10"), secret("00ff10\n"));
  }

  @Test
  void brokenSecretsAreRefusedAndNotShown() {
    assertTrue(refusal("0x0").endsWith("an even number of hex digits belongs after 0x"));
    assertTrue(refusal("\n").endsWith("holds no secret of 1 to 1024 octets"));
    assertTrue(refusal("s".repeat(1025)).endsWith("holds no secret of 1 to 1024 octets"));
  }

  private String refusal(String content) {
    return String.valueOf(assertThrows(StartException.class, () -> secret(content)).getMessage());
  }

  private Bytes secret(String content) throws Exception {
    file(content, "rw-------");
    MemberCredential read =
        Credentials.read(
            ConfigReader.parse("agent.toml", directory, CONFIG),
            SoftSigner.generate(SignatureScheme.ED25519, new SecureRandom()),
            Instant.EPOCH);
    return assertInstanceOf(MemberCredential.Psk.class, read).secret().use(Bytes::copyOf);
  }

  @Test
  void badHexIsNotShown() throws Exception {
    for (String content : new String[] {"0xabc", "0xzz00", "0x0canary0"}) {
      Path file = file(content, "rw-------");
      StartException refused = assertThrows(StartException.class, () -> Credentials.secret(file));
      assertTrue(String.valueOf(refused.getMessage()).contains("hex digits"));
      assertFalse(String.valueOf(refused.getMessage()).contains(content.substring(2)));
    }
  }

  @Test
  void aFileThatAllCanReadIsRefused() throws Exception {
    Path file = file("secret", "rw-r--r--");
    StartException refused = assertThrows(StartException.class, () -> Credentials.secret(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("chmod o-rwx"));
  }

  private Path file(String content, String rights) throws Exception {
    Path file = Files.writeString(directory.resolve("psk"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }
}

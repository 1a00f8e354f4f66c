package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.testkit.TestPki;

/** The throw-away CA of the fleet's broker: TLS certificates and keys as PEM files. */
final class FleetPki {
  private final TestPki ca =
      TestPki.create("Keyfleet demo broker CA", SignatureScheme.ECDSA_P256_SHA256);
  private final Path directory;

  FleetPki(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    Files.writeString(caFile(), ca.caPem());
  }

  Path caFile() {
    return directory.resolve("ca.pem");
  }

  Path certificateFile(String name) {
    return directory.resolve(name + ".cert.pem");
  }

  Path keyFile(String name) {
    return directory.resolve(name + ".key.pem");
  }

  /** Makes a key and a certificate for {@code name}. */
  void issue(String name) throws IOException {
    KeyPair pair = generate();
    Bytes publicKey = Bytes.copyOf(pair.getPublic().getEncoded());
    Files.writeString(certificateFile(name), TestPki.pem(ca.issue(name, publicKey)));
    Files.writeString(
        keyFile(name), Pem.encode("PRIVATE KEY", Bytes.copyOf(pair.getPrivate().getEncoded())));
  }

  private static KeyPair generate() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no P-256", e);
    }
  }
}

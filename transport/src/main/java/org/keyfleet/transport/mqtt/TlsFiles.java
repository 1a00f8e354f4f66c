package org.keyfleet.transport.mqtt;

import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files for TLS.
 *
 * @param trustedCa certificates of the CAs that may sign the broker's certificate
 * @param own this client's certificate chain and key, when the broker asks for one
 */
public record TlsFiles(Path trustedCa, Optional<Own> own) {

  /**
   * This client's identity.
   *
   * @param chain certificates in PEM, the client's own first
   * @param key the private key, PKCS#8 in PEM, not encrypted
   */
  public record Own(Path chain, Path key) {}

  /** TLS that checks the broker and shows no certificate. */
  public static TlsFiles trusting(Path trustedCa) {
    return new TlsFiles(trustedCa, Optional.empty());
  }

  /** The same, showing a client certificate. */
  public TlsFiles showing(Path chain, Path key) {
    return new TlsFiles(trustedCa, Optional.of(new Own(chain, key)));
  }
}

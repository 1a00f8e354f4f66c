package org.keyfleet.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.AuthenticationSettings;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Signer;

/** Reads what proves who we are, and what proves who the GCKS is. */
final class Credentials {
  private static final int MAX_PSK_OCTETS = 1024;

  private Credentials() {}

  static MemberCredential read(AgentConfig config, Signer identity) throws StartException {
    if (config.authentication() instanceof AuthenticationSettings.PresharedKey psk) {
      return new MemberCredential.Psk(secret(psk.secret()));
    }
    Path file = ((AuthenticationSettings.Certificate) config.authentication()).chain();
    try {
      CertificateChain chain = CertificateChain.ofPem(text(file));
      if (!contains(chain.leaf().toArray(), identity.subjectPublicKeyInfo().toArray())) {
        throw new StartException(
            file + " is not for the identity key in the token: run init and certify its request");
      }
      return new MemberCredential.Certificate(chain, identity.scheme());
    } catch (MalformedMessageException e) {
      throw new StartException(file + " is no certificate chain: " + e.getMessage());
    }
  }

  static Optional<TrustAnchors> anchors(AgentConfig config) throws StartException {
    if (config.gcks().trustAnchors().isEmpty()) {
      return Optional.empty();
    }
    Path file = config.gcks().trustAnchors().get();
    try {
      return Optional.of(TrustAnchors.ofPem(text(file)));
    } catch (MalformedMessageException e) {
      throw new StartException(file + " holds no CA certificates: " + e.getMessage());
    }
  }

  /** A certificate holds its public key as it stands: the DER of SubjectPublicKeyInfo. */
  private static boolean contains(byte[] whole, byte[] part) {
    for (int at = 0; at + part.length <= whole.length; at++) {
      if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  private static String text(Path file) throws StartException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StartException(file + " cannot be read: check path and rights");
    }
  }

  /** Hex digits after {@code 0x}, or the octets as they stand; a line end is not part of it. */
  static SecretBytes secret(Path file) throws StartException {
    byte[] octets = new byte[0];
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new StartException(file + " is open to all: chmod o-rwx " + file);
      }
      octets = Files.readAllBytes(file);
      int end = octets.length;
      while (end > 0 && (octets[end - 1] == '\n' || octets[end - 1] == '\r')) {
        end--;
      }
      if (end == 0 || end > MAX_PSK_OCTETS) {
        throw new StartException(file + " holds no secret of 1 to " + MAX_PSK_OCTETS + " octets");
      }
      if (end > 2 && octets[0] == '0' && octets[1] == 'x') {
        return hex(file, octets, end);
      }
      return SecretBytes.takeFrom(Arrays.copyOf(octets, end));
    } catch (IOException e) {
      throw new StartException(file + " cannot be read: check path and rights");
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** Never a {@code String}, which cannot be wiped. */
  private static SecretBytes hex(Path file, byte[] octets, int end) throws StartException {
    byte[] secret = new byte[(end - 2) / 2];
    boolean good = end % 2 == 0;
    for (int i = 0; good && i < secret.length; i++) {
      int high = Character.digit(octets[2 + 2 * i], 16);
      int low = Character.digit(octets[3 + 2 * i], 16);
      good = high >= 0 && low >= 0;
      secret[i] = (byte) (high << 4 | low);
    }
    if (!good) {
      Arrays.fill(secret, (byte) 0);
      throw new StartException(file + ": an even number of hex digits belongs after 0x");
    }
    return SecretBytes.takeFrom(secret);
  }
}

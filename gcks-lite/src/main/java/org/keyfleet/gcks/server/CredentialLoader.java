package org.keyfleet.gcks.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.policy.PskFile;
import org.keyfleet.gcks.policy.ServerSettings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.gcks.registration.PskStore;
import org.keyfleet.gcks.registration.ServerCredentials;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.suite.Signer;

/** Reads the server's certificate, trust anchors and pre-shared keys, and checks that they fit. */
final class CredentialLoader {
  private CredentialLoader() {}

  static ServerCredentials load(ServerSettings settings, Signer identity, Instant now)
      throws StartException, SettingsException {
    Optional<ServerCredentials.Certified> certified = Optional.empty();
    if (settings.certificate().isPresent()) {
      certified = Optional.of(certified(settings.certificate().get(), settings, identity, now));
    }
    Optional<TrustAnchors> anchors = Optional.empty();
    if (settings.trustAnchors().isPresent()) {
      Path file = settings.trustAnchors().get();
      try {
        anchors = Optional.of(TrustAnchors.ofPem(text(file)));
      } catch (MalformedMessageException e) {
        throw new StartException(file + ": " + e.getMessage());
      }
    }
    PskStore psks =
        settings.pskFile().isPresent()
            ? new PskStore(PskFile.read(settings.pskFile().get()))
            : PskStore.empty();
    return new ServerCredentials(
        IdPayload.of(IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8(settings.identity())),
        certified,
        anchors,
        psks);
  }

  private static ServerCredentials.Certified certified(
      Path file, ServerSettings settings, Signer identity, Instant now) throws StartException {
    try {
      CertificateChain chain = CertificateChain.ofPem(text(file));
      X509Certificate leaf =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(chain.leaf().toArray()));
      if (!Bytes.copyOf(leaf.getPublicKey().getEncoded()).equals(identity.subjectPublicKeyInfo())) {
        throw new StartException(
            file + ": is not for the identity key in [custody]; issue a certificate for that key");
      }
      leaf.checkValidity(Date.from(now));
      if (!names(leaf).contains(settings.identity())) {
        throw new StartException(
            file + ": names " + names(leaf) + ", but the server is '" + settings.identity() + "'");
      }
      return new ServerCredentials.Certified(chain, identity);
    } catch (MalformedMessageException e) {
      throw new StartException(file + ": " + e.getMessage());
    } catch (CertificateNotYetValidException | CertificateExpiredException e) {
      throw new StartException(
          file
              + ": "
              + e.getMessage()
              + "; is this machine's clock right? it shows "
              + now
              + ": set the clock or renew the certificate");
    } catch (CertificateException e) {
      throw new StartException(file + ": is no X.509 certificate");
    }
  }

  private static List<String> names(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream().map(name -> String.valueOf(name.get(1))).toList();
  }

  private static String text(Path file) throws StartException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      throw new StartException(
          file + ": no such file; make it with 'keyfleet-gcks init', or correct the path");
    } catch (IOException e) {
      throw new StartException(file + ": cannot be read; check owner and rights");
    }
  }
}

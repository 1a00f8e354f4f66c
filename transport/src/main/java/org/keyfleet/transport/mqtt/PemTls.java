package org.keyfleet.transport.mqtt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.keyfleet.transport.TransportException;

/** TLS sockets from PEM files; nothing but the named CAs is trusted. */
final class PemTls {
  /** Far above any real chain or key; a wrong file name does not fill the memory. */
  private static final long MAX_FILE_OCTETS = 256 * 1024;

  private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_END = "-----END PRIVATE KEY-----";

  private PemTls() {}

  /** Makes the sockets of connections, and knows who asked for what in their handshakes. */
  record Tls(SSLSocketFactory sockets, ClientIdentity identity) {}

  static Tls read(TlsFiles files) throws TransportException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      int index = 0;
      for (X509Certificate ca : certificates(files.trustedCa())) {
        trusted.setCertificateEntry("ca" + index++, ca);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      ClientIdentity identity = identity(files);
      context.init(new KeyManager[] {identity}, trust.getTrustManagers(), null);
      return new Tls(context.getSocketFactory(), identity);
    } catch (IOException | GeneralSecurityException e) {
      if (e instanceof TransportException known) {
        throw known;
      }
      throw new TransportException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static ClientIdentity identity(TlsFiles files) throws TransportException {
    if (files.own().isEmpty()) {
      return ClientIdentity.none();
    }
    TlsFiles.Own own = files.own().get();
    List<X509Certificate> chain = certificates(own.chain());
    PrivateKey key = privateKey(own, chain.get(0).getPublicKey().getAlgorithm());
    return ClientIdentity.of(key, chain);
  }

  private static List<X509Certificate> certificates(Path file) throws TransportException {
    byte[] pem = read(file);
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (found.isEmpty()) {
        throw new TransportException(file + " holds no certificate: give a PEM file");
      }
      return found.stream().map(X509Certificate.class::cast).toList();
    } catch (CertificateException e) {
      throw new TransportException(file + " is not a certificate in PEM: " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(TlsFiles.Own own, String algorithm)
      throws TransportException {
    byte[] pem = read(own.key());
    byte[] der = null;
    try {
      String text = new String(pem, StandardCharsets.ISO_8859_1);
      int from = text.indexOf(KEY_BEGIN);
      int to = text.indexOf(KEY_END);
      if (from < 0 || to < from) {
        throw new TransportException(
            own.key() + " is not a PKCS#8 key in PEM: convert it, openssl pkcs8 -topk8 -nocrypt");
      }
      der = Base64.getMimeDecoder().decode(text.substring(from + KEY_BEGIN.length(), to));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      throw new TransportException(
          own.key() + " is not the " + algorithm + " key of " + own.chain() + ": give its key", e);
    } catch (GeneralSecurityException e) {
      throw new TransportException("this runtime has no " + algorithm + " keys: use another", e);
    } finally {
      Arrays.fill(pem, (byte) 0);
      if (der != null) {
        Arrays.fill(der, (byte) 0);
      }
    }
  }

  private static byte[] read(Path file) throws TransportException {
    try {
      if (Files.size(file) > MAX_FILE_OCTETS) {
        throw new TransportException(file + " is too large for a PEM file");
      }
      return Files.readAllBytes(file);
    } catch (TransportException e) {
      throw e;
    } catch (IOException e) {
      throw new TransportException(
          "cannot read " + file + ": check that it is there and readable for this user", e);
    }
  }
}

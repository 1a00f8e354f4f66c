package org.keyfleet.transport.mqtt;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A throw-away CA that writes PEM files for a broker and its clients. */
final class BrokerPki {
  private static final Duration DAY = Duration.ofDays(1);

  private final Path directory;
  private final String name;
  private final KeyPair ca;
  private long serial = 1;

  BrokerPki(Path directory, String name) throws Exception {
    this.directory = Files.createDirectories(directory);
    this.name = name;
    this.ca = keys("EC");
    write("ca.crt", "CERTIFICATE", certificate(name, ca, true, Instant.now().plus(DAY)));
  }

  Path ca() {
    return directory.resolve("ca.crt");
  }

  /** Files of a certificate for {@code host}, as its common name and DNS name. */
  TlsFiles.Own issue(String host, String keyAlgorithm) throws Exception {
    return issue(host, keyAlgorithm, Instant.now().plus(DAY));
  }

  TlsFiles.Own issue(String host, String keyAlgorithm, Instant until) throws Exception {
    KeyPair keys = keys(keyAlgorithm);
    String file = host + "-" + serial;
    PrivateKey key = keys.getPrivate();
    return new TlsFiles.Own(
        write(file + ".crt", "CERTIFICATE", certificate(host, keys, false, until)),
        write(file + ".key", "PRIVATE KEY", key.getEncoded()));
  }

  private byte[] certificate(String subject, KeyPair keys, boolean authority, Instant until)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    Instant from = until.minus(DAY.multipliedBy(3));
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=" + name),
            BigInteger.valueOf(serial++),
            Date.from(from),
            Date.from(until),
            new X500Principal("CN=" + subject),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!authority) {
      GeneralName dns = new GeneralName(GeneralName.dNSName, subject.toLowerCase(Locale.ROOT));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(dns));
    }
    return builder
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(ca.getPrivate()))
        .getEncoded();
  }

  private Path write(String file, String type, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String pem = "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    return Files.writeString(directory.resolve(file), pem);
  }

  private static KeyPair keys(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(256);
    }
    return generator.generateKeyPair();
  }
}

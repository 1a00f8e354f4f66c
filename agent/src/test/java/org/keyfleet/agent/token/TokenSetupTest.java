package org.keyfleet.agent.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;

class TokenSetupTest {
  private final SecureRandom random = new SecureRandom();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void makesTokenAndIdentityOnceAndAlwaysTheRequest() throws Exception {
    Path pin = Files.writeString(directory.resolve("pin"), "123456\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    TokenSettings settings =
        new TokenSettings(
            TokenKind.SOFT,
            directory.resolve("keys.soft"),
            "stb-1",
            Optional.of(pin),
            Optional.of(pin));
    TokenSetup setup = new TokenSetup(new AgentToken(settings, random), random);
    TokenSetup.Outcome first = setup.run("stb-1.example");
    TokenSetup.Outcome second = setup.run("stb-1.example");
    assertTrue(first.tokenMade() && first.identityMade());
    assertFalse(second.tokenMade() || second.identityMade());
    for (TokenSetup.Outcome outcome : new TokenSetup.Outcome[] {first, second}) {
      PKCS10CertificationRequest request =
          new PKCS10CertificationRequest(outcome.certificationRequest().toArray());
      assertEquals(new X500Name("CN=stb-1.example"), request.getSubject());
      AsymmetricKeyParameter key = PublicKeyFactory.createKey(request.getSubjectPublicKeyInfo());
      assertTrue(
          request.isSignatureValid(
              new BcECContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder())
                  .build(key)));
    }
  }
}

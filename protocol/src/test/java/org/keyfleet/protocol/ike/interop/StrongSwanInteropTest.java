package org.keyfleet.protocol.ike.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Childless IKE_AUTH with strongSwan in both roles, through two network namespaces: the key
 * schedule, SK protection, fragments, authentication and negotiation of an independent
 * implementation.
 */
@Tag("interop")
@Tag("one-jdk")
class StrongSwanInteropTest {
  @TempDir Path directory;
  private StrongSwanLab lab;

  @BeforeEach
  void joinTwoNamespaces() throws Exception {
    lab = new StrongSwanLab(directory);
    lab.up();
  }

  @AfterEach
  void takeThemDown() throws Exception {
    lab.down();
  }

  @ParameterizedTest
  @CsvSource({
    "psk, gcm, CURVE25519",
    "psk, gcm, ECP_256",
    "psk, gcm256, ECP_384",
    "psk, chacha, CURVE25519",
    "psk, cbc128, CURVE25519",
    "psk, cbc256, ECP_256",
    "certificate, gcm, CURVE25519",
    "certificate, gcm, ECP_256",
    "certificate, cbc256, ECP_256"
  })
  void weInitiate(String auth, String cipher, String ke) throws Exception {
    lab.startCharonAsGcks();
    List<String> said = lab.initiate("auth=" + auth, "cipher=" + cipher, "ke=" + ke);
    assertTrue(said.contains("nat false"), said::toString);
    assertTrue(said.contains("childless true"), said::toString);
    assertTrue(said.contains("alive"), said::toString);
    assertTrue(said.contains("deleted"), said::toString);
    assertTrue(lab.charonLog().contains("established between"), lab.charonLog());
    assertFalse(lab.charonLog().contains("behind NAT"), lab.charonLog());
  }

  @Test
  void weInitiateInFragments() throws Exception {
    lab.with("FRAGMENT_SIZE", "300").startCharonAsGcks();
    List<String> said = lab.initiate("auth=certificate", "ke=ECP_256", "maxDatagram=300");
    assertTrue(said.contains("deleted"), said::toString);
    assertTrue(StrongSwanLab.value(said, "fragments") > 1, said::toString);
    assertTrue(lab.charonLog().contains("IKE_AUTH request 1 [ EF(1/"), lab.charonLog());
  }

  @Test
  void weInitiateInFragmentsWithCbc() throws Exception {
    lab.with("FRAGMENT_SIZE", "300").startCharonAsGcks();
    List<String> said =
        lab.initiate("auth=certificate", "cipher=cbc256", "ke=ECP_256", "maxDatagram=300");
    assertTrue(StrongSwanLab.value(said, "fragments") > 1, said::toString);
    assertTrue(said.contains("deleted"), said::toString);
  }

  @Test
  void weInitiateAndAreAskedForACookie() throws Exception {
    lab.with("COOKIE_THRESHOLD", "1").startCharonAsGcks();
    lab.halfOpenOne();
    List<String> said = lab.initiate("auth=psk", "ke=ECP_256");
    assertTrue(said.contains("cookie"), said::toString);
    assertTrue(said.contains("deleted"), said::toString);
  }

  @Test
  void weInitiateWithAnotherKeyExchangeThanWanted() throws Exception {
    lab.startCharonAsGcks();
    List<String> said = lab.initiate("auth=psk", "ke=CURVE25519,ECP_384", "firstKe=ECP_384");
    assertTrue(said.contains("invalid-ke"), said::toString);
    assertTrue(said.contains("deleted"), said::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "psk, gcm, CURVE25519, psk-gcm-x25519",
    "psk, gcm, ECP_256, psk-gcm-p256",
    "psk, chacha, CURVE25519, psk-chacha-x25519",
    "psk, cbc128, CURVE25519, psk-cbc-x25519",
    "psk, cbc256, ECP_256, psk-cbc-p256",
    "certificate, gcm, CURVE25519, certificate-gcm-x25519",
    "certificate, gcm, ECP_256, certificate-gcm-p256",
    "certificate, cbc256, ECP_256, certificate-cbc-p256"
  })
  void weRespond(String auth, String cipher, String ke, String connection) throws Exception {
    List<String> said = lab.respond(connection, "auth=" + auth, "cipher=" + cipher, "ke=" + ke);
    assertTrue(said.contains("nat false"), said::toString);
    assertTrue(said.contains("deleted"), said::toString);
    assertFalse(lab.charonLog().contains("behind NAT"), lab.charonLog());
  }

  @Test
  void weRespondInFragments() throws Exception {
    List<String> said =
        lab.with("FRAGMENT_SIZE", "300")
            .respond("certificate-gcm-p256", "auth=certificate", "ke=ECP_256", "maxDatagram=300");
    assertTrue(StrongSwanLab.value(said, "fragments") > 1, said::toString);
    assertTrue(lab.charonLog().contains("IKE_AUTH response 1 [ EF(1/"), lab.charonLog());
  }

  @Test
  void weRespondAndDemandACookie() throws Exception {
    List<String> said = lab.respond("psk-gcm-p256", "auth=psk", "ke=ECP_256", "cookie=demand");
    assertTrue(said.contains("cookie"), said::toString);
    assertTrue(said.contains("deleted"), said::toString);
  }

  @Test
  void weRespondAndWantAnotherKeyExchange() throws Exception {
    lab.offering("psk-gcm-x25519", "aes128gcm16-prfsha256-x25519-ecp256");
    List<String> said = lab.respond("psk-gcm-x25519", "auth=psk", "ke=ECP_256");
    assertEquals(1, said.stream().filter("invalid-ke"::equals).count(), said::toString);
    assertTrue(said.contains("deleted"), said::toString);
  }
}

package org.keyfleet.agent.interop;

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
import org.keyfleet.protocol.ike.interop.StrongSwanLab;

/** The agent's registration machine completes a childless IKE_AUTH against strongSwan. */
@Tag("interop")
class MemberStrongSwanTest {
  @TempDir Path directory;
  private StrongSwanLab lab;

  @BeforeEach
  void joinTwoNamespaces() throws Exception {
    lab = new StrongSwanLab(directory, LabMember.class);
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
    "psk, cbc, ECP_256",
    "certificate, gcm, CURVE25519",
    "certificate, gcm, ECP_256",
    "certificate, cbc, ECP_256"
  })
  void everyWayAuthenticates(String auth, String cipher, String ke) throws Exception {
    lab.startCharonAsGcks();
    List<String> said = lab.initiate("auth=" + auth, "cipher=" + cipher, "ke=" + ke);
    assertTrue(said.contains("authenticated"), said::toString);
    assertTrue(said.contains("nat false"), said::toString);
    assertTrue(lab.charonLog().contains("established between"), lab.charonLog());
  }

  @Test
  void fragmentsGoBothWays() throws Exception {
    lab.with("FRAGMENT_SIZE", "300").startCharonAsGcks();
    List<String> said = lab.initiate("auth=certificate", "ke=ECP_256", "maxDatagram=300");
    assertTrue(said.contains("authenticated"), said::toString);
    assertTrue(StrongSwanLab.value(said, "datagrams") > 4, said::toString);
    assertTrue(lab.charonLog().contains("IKE_AUTH request 1 [ EF(1/"), lab.charonLog());
    assertTrue(lab.charonLog().contains("IKE_AUTH response 1 [ EF(1/"), lab.charonLog());
  }

  @Test
  void cookieIsGivenBack() throws Exception {
    lab.with("COOKIE_THRESHOLD", "1").startCharonAsGcks();
    lab.halfOpenOne();
    List<String> said = lab.initiate("auth=psk", "ke=ECP_256");
    assertTrue(said.contains("authenticated"), said::toString);
    assertTrue(lab.charonLog().contains("COOKIE"), lab.charonLog());
  }

  /** strongSwan wants X25519 or P-256 with this cipher; we begin with P-384. */
  @Test
  void otherKeyExchangeIsFollowed() throws Exception {
    lab.startCharonAsGcks();
    List<String> said = lab.initiate("auth=psk", "ke=ECP_384,ECP_256");
    assertTrue(said.contains("authenticated"), said::toString);
    assertTrue(lab.charonLog().contains("N(INVAL_KE)"), lab.charonLog());
  }

  @Test
  void natMovesTheExchangeToThePortWithTheMarker() throws Exception {
    lab.startCharonAsGcks();
    List<String> said = lab.initiate("auth=psk", "nat=yes");
    assertTrue(said.contains("nat true"), said::toString);
    assertTrue(said.contains("authenticated"), said::toString);
    assertTrue(lab.charonLog().contains("[4500]"), lab.charonLog());
  }
}

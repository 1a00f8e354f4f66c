package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.testkit.SoftHsm;

/** The server's identity and its group master in a real PKCS#11 token. */
class SoftHsmTest {
  private static final char[] PIN = {'9', '8', '7', '6', '5', '4'};

  @Test
  void masterAndIdentityLiveInTheTokenAndSurviveARestart(@TempDir Path directory) throws Exception {
    SoftHsm.require();
    CustodyConfig config = new CustodyConfig.Pkcs11(SoftHsm.newToken("gcks", PIN.clone()));
    Policies policy = new Policies();
    policy.custody = CustodyDemand.STRICT;
    try (KeyCustody custody = CustodyFactory.of(config, new SecureRandom())) {
      custody.open(PIN.clone());
      try (World world = new World(1, policy.settings(), custody, directory).startServer()) {
        PlainMember m1 = world.registered(world.agreeingMember("m1.fleet.example"));
        PlainMember m2 = world.registered(world.agreeingMember("m2.fleet.example"));
        world.registered(world.agreeingMember("m3.fleet.example"));
        world.runSeconds(1);
        assertEquals(m1.current(), m2.current());

        // the process ends and comes back; the token is opened anew
        world.stopServer();
        custody.recover(PIN.clone());
        world.startServer();
        world.server().group("fleet").orElseThrow().evict("m3.fleet.example", false);
        world.runSeconds(1);
        assertTrue(world.get("m3.fleet.example").excluded);
        assertEquals(m1.current(), m2.current());

        // the token is lost under the running server
        custody.recover(PIN.clone());
        world.server().group("fleet").orElseThrow().refresh("operator");
        world.runSeconds(1);
        assertEquals(m1.current(), m2.current());
      }
      List<KeyRecord> kept = custody.inventory();
      // the identity, the master and the mark of the last start
      assertEquals(3, kept.size(), kept.toString());
      KeyRecord master =
          kept.stream()
              .filter(key -> key.name().label().equals("keyfleet-group-master"))
              .findFirst()
              .orElseThrow();
      assertTrue(master.flags().contains(KeyFlag.SENSITIVE));
      assertFalse(master.flags().contains(KeyFlag.EXTRACTABLE));
    }
  }
}

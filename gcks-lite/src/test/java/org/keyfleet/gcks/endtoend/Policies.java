package org.keyfleet.gcks.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.MemberRules;
import org.keyfleet.gcks.policy.MulticastTarget;
import org.keyfleet.gcks.policy.RekeyAuthentication;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.gcks.policy.RekeySettings;
import org.keyfleet.gcks.policy.RekeyTransport;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.suite.KeyWrap;

/** Group policies for tests: one base, changed where a test cares. */
final class Policies {
  CustodyDemand custody = CustodyDemand.STANDARD;
  int degree = 2;
  Duration healInterval = Duration.ZERO;
  int capacity = 1000;
  TreeGkma gkma = TreeGkma.LKH;
  boolean backward = true;
  boolean forward = true;
  RekeyMode mode = RekeyMode.IMMEDIATE;
  SaSuite suite = SaSuite.AES_256_GCM16;
  KeyWrap keyWrap = KeyWrap.KW_5649_256;
  RekeyAuthentication authentication = RekeyAuthentication.DIGITAL_SIGNATURE;
  SignatureKey signatureKey = SignatureKey.IDENTITY;
  Duration lifetime = Duration.ofHours(24);
  Duration dataLifetime = Duration.ofHours(8);
  RekeyTransport transport = RekeyTransport.MULTICAST;
  int extraCopies = 1;
  int senderIdBits = 16;
  boolean listedOnly;
  Optional<String> interfaceName = Optional.empty();

  GroupSettings settings() {
    return new GroupSettings(
        "fleet",
        custody,
        gkma,
        degree,
        healInterval,
        capacity,
        backward,
        forward,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        senderIdBits,
        4,
        new RekeySettings(
            mode,
            Duration.ofSeconds(2),
            suite,
            keyWrap,
            authentication,
            signatureKey,
            lifetime,
            extraCopies,
            Duration.ofMillis(300),
            Set.of(transport),
            target()),
        List.of(
            new DataSaSettings("telemetry", SaSuite.AES_128_GCM16, dataLifetime, target(), false),
            new DataSaSettings("commands", SaSuite.AES_256_GCM16, dataLifetime, target(), true)),
        new MemberRules(
            List.of("*.fleet.example"), List.of("*.fleet.example"), List.of("*"), listedOnly));
  }

  private MulticastTarget target() {
    return new MulticastTarget(
        World.GROUP.host(), World.GROUP.port(), interfaceName, Optional.empty());
  }
}

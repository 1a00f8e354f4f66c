package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyfleet.agent.registration.FailureReason;
import org.keyfleet.agent.registration.Purpose;
import org.keyfleet.gcks.registration.ResponderLimits;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.testkit.TestPki;
import org.keyfleet.transport.memory.MemoryNetwork;

/** The ways into the group, and the ways to be turned away. */
class RegistrationTest extends WorldFixture {
  private static final PlainMember.Credential PSK = new PlainMember.Credential.Psk(World.PSK);

  static Stream<SuitePolicy> suites() {
    SuitePolicy all = SuitePolicy.STANDARD;
    Stream<SuitePolicy> encryptions =
        all.encryptions().stream().map(each -> only(each, all.prfs().get(0)));
    Stream<SuitePolicy> prfs =
        all.prfs().stream().map(prf -> only(IkeSuite.Encryption.AES_GCM_256, prf));
    Stream<SuitePolicy> wraps =
        Stream.of(KeyWrap.values())
            .map(
                wrap ->
                    new SuitePolicy(
                        all.encryptions(), all.prfs(), all.keyExchanges(), List.of(wrap), true));
    // the second is the responder's favourite: INVALID_KE_PAYLOAD and a second try
    Stream<SuitePolicy> groups =
        Stream.of(
                List.of(KeyExchangeMethod.ECP_384),
                List.of(KeyExchangeMethod.ECP_384, KeyExchangeMethod.CURVE25519))
            .map(
                methods ->
                    new SuitePolicy(all.encryptions(), all.prfs(), methods, all.keyWraps(), true));
    return Stream.of(encryptions, prfs, wraps, groups).flatMap(each -> each);
  }

  private static SuitePolicy only(IkeSuite.Encryption encryption, Prf prf) {
    SuitePolicy all = SuitePolicy.STANDARD;
    return new SuitePolicy(
        List.of(encryption), List.of(prf), all.keyExchanges(), all.keyWraps(), true);
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everySuiteRegisters(SuitePolicy suites) throws Exception {
    PlainMember member = world().member("m1.fleet.example", PSK, Optional.empty(), suites, "fleet");
    world().registered(member);
    assertEquals(2, member.current().size());
  }

  @Test
  void aCookieIsDemandedAboveTheThresholdAndNothingIsKeptWithoutIt() throws Exception {
    World world = worldOf(1);
    world.limits(
        usual ->
            new ResponderLimits(
                0,
                usual.halfOpenLimit(),
                usual.saLimit(),
                usual.lingerNanos(),
                usual.fragmentOctets()));
    world.startServer();
    PlainMember member = world.pskMember("m1.fleet.example");
    // m1 -> SA, KE, Ni;  m1 <- N(COOKIE);  m1 -> N(COOKIE), SA, KE, Ni
    world.network.censor(
        passage -> passage.from().equals(MemoryNetwork.address(1)) && isCookie(passage));
    member.register(world.nowNanos());
    world.run(java.time.Duration.ofMillis(100));
    assertEquals(0, world.server().responder().ikeSas());
    world.network.censor(any -> false);
    world.runSeconds(5);
    assertTrue(member.registered);
    assertTrue(world.network.passages().stream().anyMatch(RegistrationTest::isCookie));
  }

  @Test
  void theHalfOpenTableIsBoundedAndEmptiesItself() throws Exception {
    World world = worldOf(1);
    world.limits(
        usual ->
            new ResponderLimits(
                1000, 16, usual.saLimit(), usual.lingerNanos(), usual.fragmentOctets()));
    world.startServer();
    PlainMember member = world.pskMember("m1.fleet.example");
    member.register(world.nowNanos());
    Bytes request = Bytes.copyOf(world.network.passages().get(0).datagram().octets());
    for (int i = 0; i < 100; i++) {
      byte[] other = request.toArray();
      other[0] = (byte) (i + 1);
      world.inject(MemoryNetwork.address(100 + i % 50), Bytes.copyOf(other));
    }
    assertEquals(16, world.server().responder().halfOpen());
    world.members.clear();
    world.runSeconds(31);
    assertEquals(0, world.server().responder().halfOpen());
    assertEquals(0, world.server().responder().ikeSas());
  }

  @Test
  void oneSourceCannotTakeTheWholeTable() throws Exception {
    World world = world();
    PlainMember member = world.pskMember("m1.fleet.example");
    member.register(world.nowNanos());
    Bytes request = Bytes.copyOf(world.network.passages().get(0).datagram().octets());
    World limited = world;
    for (int i = 0; i < 300; i++) {
      byte[] other = request.toArray();
      other[0] = (byte) (i % 255 + 1);
      other[1] = (byte) i;
      limited.inject(MemoryNetwork.address(100), Bytes.copyOf(other));
    }
    assertTrue(world.server().responder().halfOpen() <= 128);
    world.run(java.time.Duration.ofMillis(100));
    assertTrue(member.registered);
  }

  @Test
  void longMessagesGoInFragmentsBothWays() throws Exception {
    World world = worldOf(1);
    world.limits(
        usual ->
            new ResponderLimits(
                usual.halfOpenThreshold(),
                usual.halfOpenLimit(),
                usual.saLimit(),
                usual.lingerNanos(),
                600));
    world.startServer();
    PlainMember member =
        world.certifiedMember("m1.fleet.example", SignatureScheme.ECDSA_P384_SHA384);
    world.registered(member);
    long fragments =
        world.network.passages().stream()
            .filter(passage -> passage.from().equals(MemoryNetwork.address(1)))
            .filter(passage -> passage.datagram().octets()[16] == 53)
            .peek(passage -> assertTrue(passage.datagram().size() <= 600))
            .count();
    assertTrue(fragments >= 2, fragments + " fragments");
  }

  @Test
  void aRetransmittedRequestGetsTheSameResponseAndCountsOnce() throws Exception {
    PlainMember member = world().registered(world().pskMember("m1.fleet.example"));
    int audit = world().store().audit(1000).size();
    List<MemoryNetwork.Passage> before = world().network.passages();
    MemoryNetwork.Passage request =
        before.stream()
            .filter(passage -> passage.to().equals(MemoryNetwork.address(1)))
            .filter(passage -> passage.datagram().octets()[18] == ExchangeType.GSA_AUTH.code())
            .findFirst()
            .orElseThrow();
    MemoryNetwork.Passage response =
        before.stream()
            .filter(passage -> passage.from().equals(MemoryNetwork.address(1)))
            .filter(passage -> passage.datagram().octets()[18] == ExchangeType.GSA_AUTH.code())
            .findFirst()
            .orElseThrow();
    world().inject(request.from(), Bytes.copyOf(request.datagram().octets()));
    List<MemoryNetwork.Passage> after = world().network.passages();
    assertEquals(
        Bytes.copyOf(response.datagram().octets()),
        Bytes.copyOf(after.get(after.size() - 1).datagram().octets()));
    assertEquals(audit, world().store().audit(1000).size());
    assertTrue(member.registered);
  }

  @Test
  void behindNatTheMarkerPortIsUsed() throws Exception {
    PlainMember member = world().pskMember("m1.fleet.example");
    member.portInside = 12345;
    world().registered(member);
    assertTrue(member.usedNatPort);
    world().runSeconds(6);
    assertTrue(member.ikeSaClosed); // the server's own request found its way back too
  }

  @Test
  void aPlainIkev2PeerIsAuthenticatedWithoutChild() throws Exception {
    PlainMember member =
        world()
            .member(
                "m1.fleet.example",
                PSK,
                Optional.empty(),
                SuitePolicy.STANDARD.withoutKeyWrap(),
                "fleet");
    member.start(Purpose.AUTHENTICATE, world().nowNanos());
    world().run(java.time.Duration.ofMillis(100));
    assertTrue(member.authenticated);
    assertEquals(0, world().store().memberCount("fleet"));
  }

  @Test
  void refusalsAreToldApartWhereTheyMayBe() throws Exception {
    policy.capacity = 1;
    assertEquals(
        FailureReason.UNPROVED_REFUSAL,
        refused(
            world()
                .member(
                    "m1.fleet.example",
                    new PlainMember.Credential.Psk("wrong"),
                    Optional.empty())));
    assertEquals(
        FailureReason.UNPROVED_REFUSAL, refused(world().pskMember("unknown.fleet.example")));
    assertEquals(
        FailureReason.NO_SUCH_GROUP,
        refused(
            world()
                .member("m1.fleet.example", PSK, Optional.empty(), SuitePolicy.STANDARD, "other")));
    assertEquals(
        FailureReason.NOT_AUTHORISED,
        refused(world().certifiedMember("m1.elsewhere.example", SignatureScheme.ED25519)));
    world().registered(world().pskMember("m2.fleet.example"));
    assertEquals(FailureReason.GROUP_UNAVAILABLE, refused(world().pskMember("m3.fleet.example")));
    assertEquals(1, world().store().memberCount("fleet"));
  }

  @Test
  void aCertificateOfAnotherCaIsRefused() throws Exception {
    TestPki other = TestPki.create("Other CA", SignatureScheme.ED25519);
    var signer =
        org.keyfleet.protocol.suite.SoftSigner.generate(SignatureScheme.ED25519, world().random);
    PlainMember member =
        world()
            .member(
                "m1.fleet.example",
                new PlainMember.Credential.Certified(
                    other.issue("m1.fleet.example", signer.subjectPublicKeyInfo()),
                    signer,
                    org.keyfleet.protocol.pki.TrustAnchors.ofPem(world().pki.caPem())),
                Optional.empty());
    assertEquals(FailureReason.UNPROVED_REFUSAL, refused(member));
  }

  @Test
  void listedOnlyGroupsWaitForTheOperator() throws Exception {
    policy.listedOnly = true;
    PlainMember member = world().pskMember("m1.fleet.example");
    assertEquals(FailureReason.NOT_AUTHORISED, refused(member));
    world().server().group("fleet").orElseThrow().list("m1.fleet.example");
    world().members.put(member.name, member);
    world().registered(member);
  }

  @Test
  void sendersGetSenderIdsThatNeverComeBackWithTheSameKeys() throws Exception {
    policy.senderIdBits = 2;
    PlainMember m1 =
        world()
            .registered(world().member("m1.fleet.example", PSK, Optional.of(new GroupSender(2))));
    assertEquals(List.of(0L, 1L), m1.senderIds);
    PlainMember m2 =
        world()
            .registered(world().member("m2.fleet.example", PSK, Optional.of(new GroupSender(0))));
    assertEquals(List.of(2L), m2.senderIds);
    PlainMember m3 = world().registered(world().pskMember("m3.fleet.example"));
    assertTrue(m3.senderIds.isEmpty());
    var keys = m1.current();
    // one is left, two are wanted: all members go, and the numbers start over with new keys
    PlainMember m4 =
        world()
            .registered(world().member("m4.fleet.example", PSK, Optional.of(new GroupSender(2))));
    world().runSeconds(1);
    assertEquals(List.of(0L, 1L), m4.senderIds);
    assertTrue(m1.excluded && m2.excluded && m3.excluded);
    m4.current().values().forEach(key -> assertFalse(keys.containsValue(key)));
    assertEquals(1, world().store().memberCount("fleet"));
  }

  private FailureReason refused(PlainMember member) throws Exception {
    member.register(world().nowNanos());
    world().run(java.time.Duration.ofMillis(200));
    assertFalse(member.registered);
    world().members.remove(member.name);
    return java.util.Objects.requireNonNull(member.failure);
  }

  private static boolean isCookie(MemoryNetwork.Passage passage) {
    try {
      return InboundMessage.parse(Bytes.copyOf(passage.datagram().octets()))
              instanceof ClearMessage clear
          && clear.header().response()
          && clear.payloads().hasNotify(NotifyType.COOKIE);
    } catch (MalformedMessageException e) {
      return false;
    }
  }
}

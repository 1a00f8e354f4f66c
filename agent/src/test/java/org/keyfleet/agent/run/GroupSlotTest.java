package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.group.InsecureKeyObserver;
import org.keyfleet.agent.group.Membership;
import org.keyfleet.agent.group.MembershipSettings;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.udp.UdpLinks;

/** A group whose work meets faults, under a fake clock. */
class GroupSlotTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final SecureRandom random = new SecureRandom();
  private final List<Consumer<GroupAgent>> arrivals = new ArrayList<>();
  private final List<Bytes> sent = new ArrayList<>();
  private long now;
  private final AgentClock clock = new AgentClock(() -> now, InstantSource.system());

  @SuppressWarnings("NullAway.Init")
  private SelectorLoop loop;

  @SuppressWarnings("NullAway.Init")
  private KeyCustody custody;

  @SuppressWarnings("NullAway.Init")
  private GroupSlot slot;

  @BeforeEach
  void open() throws Exception {
    AgentFixture device = new AgentFixture(directory, 848);
    custody = device.openToken();
    loop = SelectorLoop.start("test-loop");
    NetworkChannel channel =
        new NetworkChannel(
            AgentFixture.GROUP,
            new ScriptedPath(),
            new UdpLinks(loop, QueueLimits.DEVICE),
            () -> {},
            new SourceAddresses(UdpLinks::sourceToward, clock),
            new WantedLinks("fleet", 2, () -> {}, clock, new Random(7)));
    TokenSigner signer = TokenSigner.of(custody, AgentToken.IDENTITY);
    slot =
        new GroupSlot(
            AgentFixture.GROUP, channel, () -> agent(channel, signer), clock, new Random(7));
  }

  private GroupAgent agent(NetworkChannel channel, TokenSigner signer) {
    return new GroupAgent(
        "fleet",
        new RegistrationProfile(
            Identities.payload(IdPayload.Kind.INITIATOR, "stb-1.example"),
            Identities.payload(IdPayload.Kind.RESPONDER, "gcks.example"),
            new MemberCredential.Psk(SecretBytes.takeFrom(new byte[16])),
            Optional.empty(),
            GroupId.ofName("fleet"),
            Optional.empty(),
            SuitePolicy.STANDARD,
            clock.wall(),
            1280,
            Retransmission.Policy.STANDARD),
        new Membership(
            new MembershipSettings(AgentToken.IDENTITY, journal(), true, false, 0),
            custody,
            random,
            clock,
            InsecureKeyObserver.NONE),
        channel,
        signer,
        random,
        clock,
        InsecureKeyObserver.NONE);
  }

  private Path journal() {
    return directory.resolve("fleet.journal");
  }

  @AfterEach
  void close() {
    slot.close();
    custody.close();
    loop.close();
  }

  private static void poison(GroupAgent agent) {
    throw new IllegalStateException("a fault made on purpose by a test for " + agent.name());
  }

  @Test
  void aFaultCostsOneDatagramAndNoMore() {
    List<String> handled = new ArrayList<>();
    GroupAgent before = slot.agent();
    arrivals.add(GroupSlotTest::poison);
    arrivals.add(agent -> handled.add(agent.name()));
    slot.duty();
    assertEquals(List.of("fleet"), handled);
    assertEquals(1, slot.faults());
    assertSame(before, slot.agent());
    assertFalse(slot.resting());
  }

  @Test
  void manyFaultsStartTheGroupFromScratchAfterAWait() throws Exception {
    Files.writeString(journal(), "what led to the faults");
    GroupAgent before = slot.agent();
    for (int i = 0; i < 5; i++) {
      arrivals.add(GroupSlotTest::poison);
      slot.duty();
      now += SECOND;
    }
    assertNotSame(before, slot.agent());
    assertFalse(Files.exists(journal()));
    assertTrue(slot.resting());
    assertEquals("idle", slot.agent().state().word());
    assertEquals(List.of(), sent);
    now += 10 * SECOND;
    assertTrue(slot.nextDeadlineNanos() <= now);
    slot.duty();
    assertFalse(slot.resting());
    assertEquals("registering", slot.agent().state().word());
    assertEquals(1, sent.size());
  }

  @Test
  void aGroupThatIsLeftWhileItRestsStaysOut() {
    for (int i = 0; i < 5; i++) {
      slot.enter(GroupSlotTest::poison);
    }
    assertTrue(slot.resting());
    assertTrue(slot.leave());
    now += 3_600 * SECOND;
    slot.duty();
    assertEquals("idle", slot.agent().state().word());
    assertTrue(slot.join());
    assertEquals("registering", slot.agent().state().word());
  }

  /** A GCKS that cannot be addressed is not reachable now, not after 83 s of retransmissions. */
  @Test
  void aGcksWithoutAddressIsSaidAtOnce() {
    unreachable = Optional.of("no address for host 'gcks.example'");
    slot.join();
    assertEquals("waiting", slot.agent().state().word());
    assertEquals(unreachable, slot.agent().status().trouble());
    assertEquals(List.of(), sent);
    unreachable = Optional.empty();
    slot.enter(GroupSlot::hurry);
    assertEquals("registering", slot.agent().state().word());
    assertEquals(1, sent.size());
  }

  private Optional<String> unreachable = Optional.empty();

  private final class ScriptedPath implements GcksPath {
    @Override
    public Optional<PathEnds> path() {
      return Optional.empty();
    }

    @Override
    public Optional<String> unreachable() {
      return unreachable;
    }

    @Override
    public void send(List<Bytes> datagrams, boolean natPort) {
      sent.addAll(datagrams);
    }

    @Override
    public void hearRekeys(RekeySaPolicy policy) {}

    @Override
    public void hearNoRekeys() {}

    @Override
    public boolean pump(AgentDoor door) {
      List<Consumer<GroupAgent>> due = List.copyOf(arrivals);
      arrivals.clear();
      due.forEach(door::enter);
      return false;
    }

    @Override
    public void tick() {}

    @Override
    public Optional<String> trouble() {
      return Optional.empty();
    }

    @Override
    public int unfragmentedOctets() {
      return 1280;
    }

    @Override
    public List<Link> links() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}

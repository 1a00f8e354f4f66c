package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.protocol.octets.Bytes;

/** The agent against the server: the same code as in the product, under one clock. */
class AgentTest extends WorldFixture {
  private final List<AgentMember> agents = new ArrayList<>();

  @AfterEach
  void closeAgents() {
    for (AgentMember agent : agents) {
      agent.close();
    }
  }

  @Test
  void membersReadWhatASenderSends() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember receiver = started("m2.fleet.example", false);
    world().runSeconds(3);
    assertEquals("member", sender.state());
    assertEquals("member", receiver.state());
    sayAndHear(sender, "hello", receiver);
    assertTrue(sender.delivered.isEmpty());
  }

  /** Backward and forward: before its time and after it a member reads nothing. */
  @Test
  void joinerReadsNothingOldAndEvictedReadsNothingNew() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember out = started("m2.fleet.example", false);
    AgentMember stays = started("m3.fleet.example", false);
    world().runSeconds(3);
    sayAndHear(sender, "one", out, stays);
    AgentMember late = started("m4.fleet.example", false);
    world().runSeconds(3);
    sayAndHear(sender, "two", out, stays, late);
    assertFalse(late.delivered.contains("one"));
    assertTrue(world().server().group("fleet").orElseThrow().evict(out.name, false));
    world().runSeconds(3);
    assertEquals("excluded", out.state());
    assertFalse(out.agent().membership().active());
    sayAndHear(sender, "three", stays, late);
    assertFalse(out.delivered.contains("three"));
    world().runSeconds(30);
    assertEquals("excluded", out.state());
    assertFalse(Files.exists(state(out.name).resolve("fleet.journal")));
  }

  /** There is nobody to give new keys to; the last one is told all the same. */
  @Test
  void theLastMemberLearnsThatItIsEvicted() throws Exception {
    AgentMember last = started("m1.fleet.example", false);
    world().runSeconds(3);
    assertTrue(world().server().group("fleet").orElseThrow().evict(last.name, false));
    world().runSeconds(3);
    assertEquals("excluded", last.state());
    assertFalse(last.agent().membership().active());
  }

  /** A restart needs the token and the journal, nothing else: the server sees no registration. */
  @Test
  void restartTakesUpWhereTheJournalStands() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    started("m3.fleet.example", false);
    world().runSeconds(3);
    sayAndHear(sender, "before", member);
    long rekeys = member.agent().status().membership().rekeysApplied();
    assertTrue(rekeys > 0);
    member.kill();
    member.start();
    assertEquals("member", member.state());
    assertEquals(-1, member.agent().status().registeredMillis());
    assertEquals(rekeys, member.agent().status().membership().rekeysApplied());
    sayAndHear(sender, "after", member);
    AgentMember late = started("m5.fleet.example", false);
    world().runSeconds(3);
    sayAndHear(sender, "rekeyed", member, late);
  }

  /** What was sent while it was down brings it back by a registration. */
  @Test
  void restartAfterMissedRekeysRegistersAnew() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    world().runSeconds(3);
    member.kill();
    started("m3.fleet.example", false);
    world().runSeconds(3);
    started("m4.fleet.example", false);
    world().runSeconds(3);
    member.start();
    started("m5.fleet.example", false);
    world().runSeconds(30);
    if (!member.state().equals("member") || !hears(sender, "again", member)) {
      // nothing told it that it missed something: the end of the SA does
      world().run(policy.lifetime);
      assertTrue(hears(sender, "again, later", member), member.state());
    }
  }

  /** A restored sender sends nothing before it has registered, and then nothing twice. */
  @Test
  void senderThatRestartsNeverRepeatsAnIv() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    world().runSeconds(3);
    Set<Bytes> ivs = new HashSet<>();
    for (int life = 0; life < 3; life++) {
      for (int i = 0; i < 20; i++) {
        assertTrue(ivs.add(spiAndIv(seal(sender).orElseThrow())), "life " + life);
      }
      sender.kill();
      sender.start();
      assertEquals("member", sender.state());
      assertTrue(seal(sender).isEmpty(), "nothing proves that the journal is the latest");
      sayAndHear(member("m3.fleet.example", life), "heard " + life, sender, member);
      world().runSeconds(16);
    }
  }

  /** An old state directory put back: the counters in it were used since. */
  @Test
  void senderWithAnOldJournalNeverRepeatsAnIv() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    world().runSeconds(3);
    Path journal = state(sender.name).resolve("fleet.journal");
    byte[] old = Files.readAllBytes(journal);
    Set<Bytes> ivs = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      assertTrue(ivs.add(spiAndIv(seal(sender).orElseThrow())));
    }
    sender.kill();
    Files.write(journal, old);
    sender.start();
    assertEquals("member", sender.state());
    assertTrue(seal(sender).isEmpty());
    // also a rekey that it got before comes again, or any other that follows the old journal
    started("m2.fleet.example", false);
    assertTrue(seal(sender).isEmpty());
    world().runSeconds(16);
    assertEquals("member", sender.state());
    for (int i = 0; i < 20; i++) {
      assertTrue(ivs.add(spiAndIv(seal(sender).orElseThrow())));
    }
  }

  /** Neither a crash nor leaving and joining opens the epoch's packets to replay. */
  @Test
  void packetsHeardBeforeARestartAreNotHeardAgain() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    world().runSeconds(3);
    List<Bytes> heard = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      heard.add(seal(sender).orElseThrow());
      member.agent().onDataPacket(heard.get(i));
      world().run(java.time.Duration.ofMillis(50));
    }
    assertEquals(100, member.delivered.size());
    member.kill();
    member.start();
    assertEquals("member", member.state());
    assertDroppedAsReplays(member, heard);
    // a minute's worth of packets is lost at most, then the sender is heard again
    int lost = 0;
    for (Bytes next = seal(sender).orElseThrow(); !delivers(member, next); lost++) {
      next = seal(sender).orElseThrow();
    }
    assertTrue(lost <= 20 * 60 * 2, lost + " packets lost");
    member.agent().leave();
    world().runSeconds(2);
    assertEquals("idle", member.state());
    member.agent().join();
    world().runSeconds(3);
    assertEquals("member", member.state());
    for (Bytes packet : heard) {
      assertFalse(delivers(member, packet));
    }
  }

  /** After an orderly end nothing is lost and nothing is heard twice. */
  @Test
  void orderlyEndLosesNoPacket() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    world().runSeconds(3);
    Bytes heard = seal(sender).orElseThrow();
    assertTrue(delivers(member, heard));
    member.agent().close();
    member.start();
    assertFalse(delivers(member, heard));
    assertTrue(delivers(member, seal(sender).orElseThrow()));
  }

  /** A device without a battery for its clock starts in 1970: nothing is taken from the journal. */
  @Test
  void clockBeforeTheJournalMeansRegistration() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    started("m2.fleet.example", false);
    world().runSeconds(3);
    member.kill();
    member.clockOffset = java.time.Duration.ofDays(-1);
    member.start();
    assertEquals("registering", member.state());
    assertFalse(member.agent().membership().active());
  }

  /** A power cut tore a key that the journal names: what never gets better is no reason to wait. */
  @Test
  void tornKeyInTheTokenMeansRegistration() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    started("m2.fleet.example", false);
    world().runSeconds(3);
    for (CustodyFault fault :
        List.of(CustodyFault.NO_KEY, CustodyFault.BAD_WRAP, CustodyFault.INTERNAL)) {
      member.kill();
      member.unwrapFault = Optional.of(fault);
      member.start();
      member.unwrapFault = Optional.empty();
      assertEquals("registering", member.state(), fault.name());
      world().runSeconds(3);
      assertEquals("member", member.state(), fault.name());
    }
  }

  /** Said at once, and not by a key that is written and erased with each try. */
  @Test
  void tokenThatCannotHoldATreeIsRefusedBeforeItIsWrittenTo() throws Exception {
    for (CustodyLevel level : List.of(CustodyLevel.TOKEN_ROOTED, CustodyLevel.IN_TOKEN)) {
      AgentMember member = agent(level.name().charAt(0) + ".fleet.example", false);
      member.measured =
          found ->
              new Capabilities(
                  level,
                  true,
                  found.identities(),
                  true,
                  level == CustodyLevel.TOKEN_ROOTED,
                  true,
                  true,
                  level == CustodyLevel.TOKEN_ROOTED ? 0 : found.maxWrappedOctets(),
                  found.notes());
      member.start();
      world().runSeconds(3);
      assertEquals("refused", member.state());
      assertEquals(0, member.imports);
    }
  }

  /** Root key and identity, and nothing persistent beyond them, after ten rekeys. */
  @Test
  void tokenHoldsTwoPersistentKeys() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    for (int i = 2; i <= 8; i++) {
      started("m" + i + ".fleet.example", false);
      world().runSeconds(1);
    }
    world().runSeconds(3);
    assertTrue(member.agent().status().membership().rekeysApplied() >= 10);
    int persistent = 0;
    for (KeyRecord key : member.custody.inventory()) {
      persistent += key.lifetime() == KeyLifetime.PERSISTENT ? 1 : 0;
    }
    assertEquals(2, persistent, member.custody.inventory().toString());
  }

  /** What a crash between the token and the journal leaves is swept away at the next start. */
  @Test
  void orphansOfACrashAreDestroyed() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    world().runSeconds(3);
    member.custody.generateSecret(
        new KeyName("kf.root", Bytes.fromHex("aabbccdd")),
        org.keyfleet.hsm.KeyRole.KEK_PARENT,
        KeyLifetime.PERSISTENT);
    member.kill();
    member.start();
    Set<KeyName> named = new HashSet<>(member.agent().membership().persistentKeys());
    named.add(AgentMember.IDENTITY);
    assertEquals(1, member.custody.retainPersistent(named));
    assertEquals("member", member.state());
  }

  @Test
  void tokenThatWasGoneGoesOn() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    world().runSeconds(3);
    member.recoverToken("123456".toCharArray());
    AgentMember late = started("m3.fleet.example", false);
    world().runSeconds(3);
    sayAndHear(sender, "still here", member, late);
  }

  @Test
  void aMemberLeavesAndItsKeysGo() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    started("m2.fleet.example", false);
    world().runSeconds(3);
    assertEquals(2, world().store().memberCount("fleet"));
    member.agent().leave();
    world().runSeconds(3);
    assertEquals("idle", member.state());
    assertEquals(1, world().store().memberCount("fleet"));
    assertFalse(Files.exists(state(member.name).resolve("fleet.journal")));
    assertEquals(1, member.custody.inventory().size(), member.custody.inventory().toString());
    member.agent().join();
    world().runSeconds(3);
    assertEquals("member", member.state());
  }

  @Test
  void serverThatIsDownIsRetried() throws Exception {
    world().stopServer();
    AgentMember member = agent("m1.fleet.example", false);
    member.start();
    world().runSeconds(90);
    assertEquals("the GCKS does not answer", member.agent().status().trouble().orElseThrow());
    world().startServer();
    world().runSeconds(120);
    assertEquals("member", member.state());
  }

  @Test
  void sasAreRenewedBeforeTheirEnd() throws Exception {
    policy.lifetime = java.time.Duration.ofMinutes(10);
    policy.dataLifetime = java.time.Duration.ofMinutes(5);
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember member = started("m2.fleet.example", false);
    world().run(java.time.Duration.ofMinutes(25));
    assertEquals("member", member.state());
    sayAndHear(sender, "much later", member);
    for (DataPlane.Entry sa : member.agent().membership().data().entries()) {
      assertTrue(sa.endNanos() > world().nowNanos());
    }
  }

  /** The journal holds no key: neither a traffic key nor the Rekey SA's. */
  @Test
  void journalHoldsNoKey() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    started("m2.fleet.example", false);
    world().runSeconds(3);
    byte[] journal = Files.readAllBytes(state(member.name).resolve("fleet.journal"));
    String octets = new String(journal, StandardCharsets.ISO_8859_1);
    DataPlane plane = member.agent().membership().data();
    assertFalse(plane.entries().isEmpty());
    for (DataPlane.Entry sa : plane.entries()) {
      try (var key = plane.copyKey(sa.policy().id().spi())) {
        key.run(
            k -> assertFalse(octets.contains(new String(k, 0, 16, StandardCharsets.ISO_8859_1))));
      }
    }
  }

  private AgentMember member(String name, int life) throws Exception {
    return started(life + "." + name, true);
  }

  private Optional<Bytes> seal(AgentMember sender) throws Exception {
    return sender
        .agent()
        .membership()
        .data()
        .seal(Bytes.ofUtf8("x"), 1, Bytes.fromHex("0a000001"), world().nowNanos())
        .map(DataPlane.Outbound::packet);
  }

  private static Bytes spiAndIv(Bytes packet) {
    return Bytes.concat(packet.slice(0, 4), packet.slice(8, 16));
  }

  private static boolean delivers(AgentMember member, Bytes packet) {
    int before = member.delivered.size();
    member.agent().onDataPacket(packet);
    return member.delivered.size() > before;
  }

  private static void assertDroppedAsReplays(AgentMember member, List<Bytes> packets) {
    long replayed = member.agent().membership().data().counters().replayed();
    for (Bytes packet : packets) {
      assertFalse(delivers(member, packet));
    }
    assertEquals(
        replayed + packets.size(), member.agent().membership().data().counters().replayed());
  }

  private boolean hears(AgentMember sender, String text, AgentMember receiver) throws Exception {
    sender.agent().send(Bytes.ofUtf8(text), 4000);
    world().runSeconds(1);
    return receiver.delivered.contains(text);
  }

  private void sayAndHear(AgentMember sender, String text, AgentMember... receivers)
      throws Exception {
    assertTrue(sender.agent().send(Bytes.ofUtf8(text), 4000), text);
    world().runSeconds(1);
    for (AgentMember receiver : receivers) {
      assertTrue(
          receiver.delivered.contains(text),
          receiver.name + " " + receiver.state() + " did not hear: " + text);
    }
  }

  private AgentMember started(String name, boolean sender) throws Exception {
    AgentMember member = agent(name, sender);
    member.start();
    world().runSeconds(1);
    assertEquals("member", member.state(), () -> name + ": " + member.agent().status().trouble());
    return member;
  }

  private AgentMember agent(String name, boolean sender) throws Exception {
    Path state = Files.createDirectories(state(name));
    KeyCustody custody = SoftCustodies.open(state);
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    AgentMember member = new AgentMember(world(), name, custody, state, sender);
    agents.add(member);
    return member;
  }

  private Path state(String name) {
    return directory().resolve(name);
  }
}

package org.keyfleet.agent.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

class DataPlaneTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Bytes SPI = Bytes.fromHex("a1000001");
  private static final Bytes HERE = Bytes.fromHex("0a4d000b");
  private static final Bytes GROUP = Bytes.fromHex("ef4d0001");
  private static final int BITS = 16;

  private long reservedUpTo = 1;
  private final DataPlane sender =
      new DataPlane(
          (spi, upTo) -> {
            assertTrue(upTo > reservedUpTo);
            reservedUpTo = upTo;
          });
  private final DataPlane receiver = new DataPlane((spi, upTo) -> {});

  @ParameterizedTest
  @CsvSource({
    "20, 128, false, ef4d0001",
    "20, 256, false, ef4d0001",
    "20, 128, true, ef4d0001",
    "28, 0, false, ef4d0001",
    "20, 256, true, ff150000000000000000000000004d01"
  })
  void datagramsArriveAsTheyWere(int encryption, int keyBits, boolean tunnel, String group) {
    Bytes address = Bytes.fromHex(group);
    DataSaPolicy policy =
        policy(SPI, CipherSuite.aead(encryption, keyBits), SequenceNumbers.SEQUENTIAL_32, address);
    install(sender, policy, tunnel, 3, 1, 0, DataPlane.NEVER);
    install(receiver, policy, tunnel, -1, 1, 0, DataPlane.NEVER);
    Bytes here = Bytes.copyOf(new byte[address.size()]);
    for (int size = 0; size < 40; size++) {
      Bytes payload = Bytes.copyOf(new byte[size]);
      DataPlane.Outbound out = sender.seal(payload, 4000, here, 0).orElseThrow();
      assertEquals(address, out.address());
      assertEquals(new DataArrival.Deliver(payload), receiver.open(out.packet(), 0));
    }
    assertEquals(40, receiver.counters().opened());
    assertEquals(40, sender.counters().sealed());
  }

  /** SPI, sequence number from 1, IV with the Sender-ID on top (RFC 6054), 4-octet alignment. */
  @Test
  void packetOnTheWire() {
    install(sender, gcm(SPI), false, 0x1234, 1, 0, DataPlane.NEVER);
    Bytes packet = seal("hello");
    assertEquals("a10000010000000112340000" + "00000001", packet.slice(0, 16).hex());
    // UDP header 8, payload 5, padding 1, trailer 2, ICV 16
    assertEquals(16 + 16 + 16, packet.size());
    assertEquals("0000000212340000" + "00000002", seal("hello").slice(4, 16).hex());
  }

  /** RFC 9838 section 2.3.3: "MUST install this SA only in the inbound direction". */
  @Test
  void whoIsNoSenderSendsNothing() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    install(receiver, gcm(SPI), false, -1, 1, 0, DataPlane.NEVER);
    assertTrue(receiver.seal(Bytes.ofUtf8("x"), 1, HERE, 0).isEmpty());
    assertEquals(1, receiver.counters().notSent());
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(seal("x"), 0));
  }

  @Test
  void replaysAndOwnPacketsAreDropped() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    install(receiver, gcm(SPI), false, -1, 1, 0, DataPlane.NEVER);
    Bytes packet = seal("once");
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(packet, 0));
    assertInstanceOf(DataArrival.Dropped.class, receiver.open(packet, 0));
    assertInstanceOf(DataArrival.Dropped.class, sender.open(packet, 0));
    assertEquals(1, receiver.counters().replayed());
  }

  /** With several senders the same sequence number comes from each of them. */
  @Test
  void eachSenderHasAWindowOfItsOwn() {
    DataSaPolicy policy = gcm(SPI);
    DataPlane second = new DataPlane((spi, upTo) -> {});
    install(sender, policy, false, 1, 1, 0, DataPlane.NEVER);
    install(second, policy, false, 2, 1, 0, DataPlane.NEVER);
    install(receiver, policy, false, -1, 1, 0, DataPlane.NEVER);
    for (int i = 0; i < 5; i++) {
      Bytes one = seal("one");
      Bytes two = second.seal(Bytes.ofUtf8("two"), 1, HERE, 0).orElseThrow().packet();
      assertInstanceOf(DataArrival.Deliver.class, receiver.open(one, 0));
      assertInstanceOf(DataArrival.Deliver.class, receiver.open(two, 0));
      assertInstanceOf(DataArrival.Dropped.class, receiver.open(one, 0));
      assertInstanceOf(DataArrival.Dropped.class, receiver.open(two, 0));
    }
  }

  @Test
  void everyFlippedBitAndEveryTruncationIsRefused() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    install(receiver, gcm(SPI), false, -1, 1, 0, DataPlane.NEVER);
    Bytes packet = seal("payload");
    for (int bit = 0; bit < packet.size() * 8; bit++) {
      byte[] flipped = packet.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertFalse(
          receiver.open(Bytes.copyOf(flipped), 0) instanceof DataArrival.Deliver, "bit " + bit);
    }
    for (int size = 0; size < packet.size(); size++) {
      assertFalse(
          receiver.open(packet.slice(0, size), 0) instanceof DataArrival.Deliver, "size " + size);
    }
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(packet, 0));
  }

  @Test
  void unknownSpiIsTold() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    assertEquals(new DataArrival.UnknownSpi(SPI), receiver.open(seal("x"), 0));
    assertEquals(1, receiver.counters().unknownSpi());
  }

  /** A crash after any number of packets: the next life starts with the next block. */
  @Test
  void restartNeverRepeatsAnIv() {
    Set<String> ivs = new HashSet<>();
    for (int life = 0; life < 4; life++) {
      install(sender, gcm(SPI), false, 3, reservedUpTo, 0, DataPlane.NEVER);
      int packets = life == 2 ? SendCounter.BLOCK_PACKETS + 1 : 10 * life + 1;
      for (int i = 0; i < packets; i++) {
        assertTrue(ivs.add(seal("x").slice(8, 16).hex()));
      }
    }
  }

  /** The token that authenticates the journal goes before the first packet. */
  @Test
  void sendingGoesOnWhenNothingCanBeReserved() {
    boolean[] away = new boolean[1];
    DataPlane plane =
        new DataPlane(
            (spi, upTo) -> {
              if (away[0]) {
                throw new IOException("the token is away");
              }
            });
    install(plane, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    away[0] = true;
    Bytes payload = Bytes.ofUtf8("x");
    for (int i = 0; i < SendCounter.BLOCK_PACKETS; i++) {
      assertTrue(plane.seal(payload, 1, HERE, 0).isPresent(), "packet " + i);
    }
    assertTrue(plane.seal(payload, 1, HERE, 0).isEmpty(), "no number that is not reserved");
    away[0] = false;
    assertTrue(plane.seal(payload, 1, HERE, 0).isPresent());
  }

  /** A GCKS that announces a live SA again, or gives a Sender-ID back, resets no counter. */
  @Test
  void sameKeyNeverStartsOver() {
    Set<String> ivs = new HashSet<>();
    for (long senderId : new long[] {3, 3, 4, 3}) {
      install(sender, gcm(SPI), false, senderId, 1, 0, DataPlane.NEVER);
      for (int i = 0; i < 5; i++) {
        assertTrue(ivs.add(seal("x").slice(8, 16).hex()), "Sender-ID " + senderId);
      }
    }
    sender.close();
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    assertTrue(ivs.add(seal("x").slice(8, 16).hex()), "after leaving and joining");
  }

  /** The member sends under another Sender-ID now; what it sent before is still its own. */
  @Test
  void packetsUnderAnEarlierSenderIdAreOurs() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    Bytes before = seal("mine");
    install(sender, gcm(SPI), false, 4, 1, 0, DataPlane.NEVER);
    assertInstanceOf(DataArrival.Dropped.class, sender.open(before, 0));
  }

  @Test
  void packetsReceivedBeforeLeavingAreReplaysAfterJoining() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    install(receiver, gcm(SPI), false, -1, 1, 0, DataPlane.NEVER);
    Bytes packet = seal("once");
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(packet, 0));
    receiver.close();
    install(receiver, gcm(SPI), false, -1, 1, 0, DataPlane.NEVER);
    assertInstanceOf(DataArrival.Dropped.class, receiver.open(packet, 0));
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(seal("next"), 0));
  }

  /**
   * What an application may write into a socket, but no packet takes: not sent, no number spent.
   */
  @ParameterizedTest
  @CsvSource({"true, 65520", "true, 65507", "false, 65500"})
  void datagramTooLongIsNotSent(boolean tunnel, int octets) {
    install(sender, gcm(SPI), tunnel, 3, 1, 0, DataPlane.NEVER);
    assertTrue(sender.seal(Bytes.copyOf(new byte[octets]), 1, HERE, 0).isEmpty());
    assertEquals(1, sender.counters().notSent());
    assertEquals("00000001", seal("x").slice(4, 8).hex());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void longestDatagramFitsAPacket(boolean tunnel) {
    install(sender, gcm(SPI), tunnel, 3, 1, 0, DataPlane.NEVER);
    install(receiver, gcm(SPI), tunnel, -1, 1, 0, DataPlane.NEVER);
    int octets = 65_507;
    while (sender.seal(Bytes.copyOf(new byte[octets]), 1, HERE, 0).isEmpty()) {
      octets--;
    }
    assertTrue(octets > 65_400, octets + " octets");
    Bytes packet = sender.seal(Bytes.copyOf(new byte[octets]), 1, HERE, 0).orElseThrow().packet();
    assertTrue(packet.size() > EspPacket.MAX_OCTETS - 4 && packet.size() <= EspPacket.MAX_OCTETS);
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(packet, 0));
  }

  @Test
  void nothingIsSentWhenCountersAreNotDurable() {
    DataPlane broken =
        new DataPlane(
            (spi, upTo) -> {
              throw new IOException("disk full");
            });
    install(broken, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    assertTrue(broken.seal(Bytes.ofUtf8("x"), 1, HERE, 0).isEmpty());
    assertEquals(1, broken.counters().notSent());
  }

  /** RFC 4303 section 3.3.3: "the sender MUST NOT ... cycle" the counter. */
  @Test
  void lastNumberEndsSending() {
    install(sender, gcm(SPI), false, 3, SendCounter.LAST, 0, DataPlane.NEVER);
    assertEquals("ffffffff", seal("last").slice(4, 8).hex());
    assertTrue(sender.seal(Bytes.ofUtf8("more"), 1, HERE, 0).isEmpty());
    assertTrue(sender.exhausted());
  }

  /** ATD: "how long active members ... should wait after receiving new SAs". */
  @Test
  void senderWaitsForActivationReceiverDoesNot() {
    Bytes newSpi = Bytes.fromHex("a1000002");
    DataPlane plane = new DataPlane((spi, upTo) -> {});
    install(plane, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    install(plane, gcm(newSpi), false, 3, 1, 5 * SECOND, DataPlane.NEVER);
    plane.retire(SPI, 10 * SECOND);
    assertEquals(SPI, spiOf(plane, 4 * SECOND));
    assertEquals(newSpi, spiOf(plane, 5 * SECOND));
  }

  /** DTD, then the key is gone, also when no packet comes. */
  @Test
  void retiredSaOpensUntilItsEndAndIsWipedByTimer() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    install(receiver, gcm(SPI), false, -1, 1, 0, 100 * SECOND);
    receiver.retire(SPI, 10 * SECOND);
    assertEquals(10 * SECOND, receiver.nextEndNanos());
    assertInstanceOf(DataArrival.Deliver.class, receiver.open(seal("1"), 9 * SECOND));
    assertInstanceOf(DataArrival.UnknownSpi.class, receiver.open(seal("2"), 10 * SECOND));
    receiver.expire(10 * SECOND);
    assertTrue(receiver.entries().isEmpty());
    assertThrows(IllegalArgumentException.class, () -> receiver.copyKey(SPI));
    assertEquals(DataPlane.NEVER, receiver.nextEndNanos());
  }

  /** A deleted SA without a successor carries nothing any more. */
  @Test
  void senderStopsAtOnceWithoutAReplacement() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    sender.retireAll(10 * SECOND);
    assertTrue(sender.seal(Bytes.ofUtf8("x"), 1, HERE, 1).isEmpty());
  }

  @Test
  void lifetimeEndsAnSa() {
    install(sender, gcm(SPI), false, 3, 1, 0, 7 * SECOND);
    assertEquals(7 * SECOND, sender.nextEndNanos());
    assertTrue(sender.seal(Bytes.ofUtf8("x"), 1, HERE, 7 * SECOND).isEmpty());
    sender.expire(7 * SECOND);
    assertTrue(sender.entries().isEmpty());
  }

  @Test
  void keyOfAnotherLengthIsRefusedAndWiped() {
    SecretBytes shortKey = SecretBytes.takeFrom(new byte[16]);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            sender.install(
                new DataSaInstall(gcm(SPI), false, Optional.empty(), 1, List.of(), 0, 0, 0),
                shortKey));
    assertThrows(IllegalStateException.class, () -> shortKey.matches(new byte[16]));
  }

  @Test
  void onlyAeadIsSupported() {
    DataSaPolicy cbc =
        policy(
            SPI,
            new CipherSuite(TransformIds.ENCR_AES_CBC, 128, TransformIds.AUTH_HMAC_SHA2_256_128),
            SequenceNumbers.SEQUENTIAL_32,
            GROUP);
    assertFalse(DataPlane.supports(cbc));
    assertTrue(DataPlane.supports(gcm(SPI)));
    assertEquals(20, DataPlane.keyOctets(gcm(SPI)));
  }

  /** The copy for the journal is the key itself, and nothing prints it. */
  @Test
  void copiedKeyIsTheKey() {
    install(sender, gcm(SPI), false, 3, 1, 0, DataPlane.NEVER);
    try (SecretBytes copy = sender.copyKey(SPI)) {
      copy.run(octets -> assertArrayEquals(key(20), octets));
    }
    assertNotEquals(-1, sender.entries().toString().indexOf("a1000001"));
  }

  private static Bytes spiOf(DataPlane plane, long nowNanos) {
    return plane.seal(Bytes.ofUtf8("x"), 1, HERE, nowNanos).orElseThrow().packet().slice(0, 4);
  }

  private Bytes seal(String text) {
    return sender.seal(Bytes.ofUtf8(text), 4000, HERE, 0).orElseThrow().packet();
  }

  private static void install(
      DataPlane plane,
      DataSaPolicy policy,
      boolean tunnel,
      long senderId,
      long firstFree,
      long sendFromNanos,
      long expiresNanos) {
    Optional<SenderRole> role =
        senderId < 0 ? Optional.empty() : Optional.of(new SenderRole(new SenderId(senderId), BITS));
    plane.install(
        new DataSaInstall(
            policy, tunnel, role, firstFree, List.of(), 0, sendFromNanos, expiresNanos),
        SecretBytes.takeFrom(key(DataPlane.keyOctets(policy))));
  }

  private static byte[] key(int octets) {
    byte[] key = new byte[octets];
    for (int i = 0; i < octets; i++) {
      key[i] = (byte) (i * 7 + 1);
    }
    return key;
  }

  private static DataSaPolicy gcm(Bytes spi) {
    return policy(
        spi,
        CipherSuite.aead(TransformIds.ENCR_AES_GCM_16, 128),
        SequenceNumbers.UNSPECIFIED_32,
        GROUP);
  }

  private static DataSaPolicy policy(
      Bytes spi, CipherSuite cipher, SequenceNumbers numbers, Bytes group) {
    return new DataSaPolicy(
        GroupSaId.esp(spi),
        new TrafficSelector(
            17,
            0,
            0xffff,
            Bytes.copyOf(new byte[group.size()]),
            Bytes.copyOf(new byte[group.size()])),
        TrafficSelector.of(17, group, 5000),
        cipher,
        numbers,
        SaAttributes.lifetime(3600));
  }
}

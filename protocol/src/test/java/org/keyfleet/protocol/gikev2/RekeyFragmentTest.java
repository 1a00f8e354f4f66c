package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.RekeyOpening.Fresh;
import org.keyfleet.protocol.gikev2.RekeyOpening.Incomplete;
import org.keyfleet.protocol.gikev2.RekeyOpening.Stale;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.GroupSignedOctets;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadChain;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;

/** Fragmented GSA_REKEY messages (RFC 9838 section 2.4.1.2, RFC 7383). */
class RekeyFragmentTest {
  private static final int DATAGRAM_OCTETS = 200;

  private final RekeySaUnderTest sa = RekeySaUnderTest.ed25519();

  private static RekeyContent wide() {
    return withWraps(30);
  }

  private static RekeyContent withWraps(int count) {
    List<WrappedKey> wraps = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      wraps.add(new WrappedKey(10_000 + i, i, Bytes.fromHex("77".repeat(40))));
    }
    KeyDownload keys =
        TestGroup.with(
            TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_1), MemberKeyBag.ofWrapKeys(wraps));
    return RekeyContent.of(
        TestGroup.policyOf(
            TestGroup.rekeySa(TestGroup.SA2, TestGroup.GCM, SaAttributes.lifetime(60))),
        keys);
  }

  private List<Bytes> fragments() throws Exception {
    List<Bytes> fragments = sa.gcks.sealSigned(wide(), sa.signer, DATAGRAM_OCTETS);
    assertTrue(fragments.size() > 5);
    fragments.forEach(fragment -> assertTrue(fragment.size() <= DATAGRAM_OCTETS));
    return fragments;
  }

  /** Feeds all datagrams; exactly one, the one that completes the message, gives it. */
  private static RekeyContent feed(RekeyOpener member, List<Bytes> datagrams) throws Exception {
    List<RekeyContent> contents = new ArrayList<>();
    for (Bytes datagram : datagrams) {
      if (member.open(datagram, 0) instanceof Fresh fresh) {
        contents.add(fresh.rekey().content());
      }
    }
    assertEquals(1, contents.size());
    return contents.get(0);
  }

  @Test
  void wholeMessageIsVerified() throws Exception {
    assertEquals(wide(), feed(sa.member(), fragments()));
  }

  /** The most keys that a message may have, and the longest signature. */
  @Test
  void largestMessageWithTheLongestSignatureFits() throws Exception {
    RekeyContent full = withWraps(1145);
    int octets = full.update().orElseThrow().keys().wireOctets();
    assertTrue(octets > 59_000 && octets <= KeyDownload.MAX_OCTETS, octets + " octets");
    for (int limit : new int[] {576, 1280, RekeySealer.UNFRAGMENTED}) {
      RekeySaUnderTest sa = new RekeySaUnderTest(TestGroup.GCM, SignatureScheme.ML_DSA_65);
      List<Bytes> datagrams = sa.gcks.sealSigned(full, sa.signer, limit);
      assertEquals(full, feed(sa.member(), datagrams), limit + " octets a datagram");
    }
  }

  @Test
  void orderAndCopiesDoNotMatter() throws Exception {
    long seed = System.nanoTime();
    List<Bytes> datagrams = new ArrayList<>(fragments());
    datagrams.addAll(List.copyOf(datagrams));
    Collections.shuffle(datagrams, new Random(seed));
    System.out.println("RekeyFragmentTest seed " + seed);
    assertEquals(wide(), feed(sa.member(), datagrams));
  }

  @Test
  void copyFillsWhatTheFirstSendingLost() throws Exception {
    List<Bytes> fragments = fragments();
    RekeyOpener member = sa.member();
    for (int i = 1; i < fragments.size(); i++) {
      assertInstanceOf(Incomplete.class, member.open(fragments.get(i), 0));
    }
    assertEquals(0, member.nextMessageId());
    assertInstanceOf(Fresh.class, member.open(fragments.get(0), 0));
    assertInstanceOf(Stale.class, member.open(fragments.get(0), 0));
  }

  @Test
  void incompleteMessageIsForgottenInTime() throws Exception {
    List<Bytes> fragments = fragments();
    RekeyOpener member = sa.member();
    member.open(fragments.get(0), 0);
    member.expire(31_000_000_000L);
    for (int i = 1; i < fragments.size(); i++) {
      assertInstanceOf(Incomplete.class, member.open(fragments.get(i), 31_000_000_000L));
    }
  }

  /** A member who knows the KEK forges one fragment of a message of the GCKS. */
  @Test
  void forgedFragmentSpoilsTheSignature() throws Exception {
    List<Bytes> fragments = new ArrayList<>(fragments());
    Bytes last = fragments.remove(fragments.size() - 1);
    RekeyOpener member = sa.member();
    for (Bytes fragment : fragments) {
      member.open(fragment, 0);
    }
    int total = fragments.size() + 1;
    Bytes content = new ByteWriter().zeros(20).toBytes();
    Bytes forged = fragment(0, 0, total, total, content);
    assertThrows(Exception.class, () -> member.open(forged, 0));
    assertEquals(0, member.nextMessageId());
    // the copies that the GCKS sends bring the message after all
    fragments.add(last);
    assertEquals(wide(), feed(member, fragments));
  }

  /**
   * "The RESERVED field in the reconstructed Encrypted Payload header MUST be set to the value of
   * the RESERVED field in the Encrypted Fragment payload header from the first fragment".
   */
  @Test
  void reservedFieldOfTheFirstFragmentIsSigned() throws Exception {
    assertInstanceOf(Fresh.class, openWithReserved(0x05, 0x05));
    assertThrows(NotAuthenticException.class, () -> openWithReserved(0x05, 0x00));
  }

  private RekeyOpening openWithReserved(int sent, int signed) throws Exception {
    List<Payload> payloads = new ArrayList<>(TestGroup.newRekeySa().payloads());
    payloads.add(SignatureAuth.blank(SignatureScheme.ED25519, 64));
    Bytes adjusted = OutboundMessage.adjusted(RekeySaUnderTest.header(0, false), payloads);
    byte[] toSign = GroupSignedOctets.of(adjusted).toArray();
    toSign[29] = (byte) signed; // C and RESERVED of the SK header
    AuthPayload auth =
        SignatureAuth.of(SignatureScheme.ED25519, sa.signer.sign(Bytes.copyOf(toSign)));
    payloads.set(payloads.size() - 1, auth);
    Bytes chain = PayloadChain.encode(payloads);
    RekeyOpener member = sa.member();
    Bytes first = fragment(PayloadChain.firstType(payloads), sent, 1, 2, chain.slice(0, 100));
    Bytes second = fragment(0, 0x03, 2, 2, chain.slice(100, chain.size()));
    assertInstanceOf(Incomplete.class, member.open(first, 0));
    return member.open(second, 0);
  }

  /** An SKF datagram with Message ID 0, made by hand. */
  private Bytes fragment(int nextPayload, int reserved, int number, int total, Bytes content) {
    int sealedOctets = 8 + content.size() + 1 + 16;
    ByteWriter out = new ByteWriter();
    out.bytes(TestGroup.SA1.spi()).u8(53).u8(0x20).u8(41).u8(0).u32(0);
    out.u32(28 + 8 + sealedOctets);
    out.u8(nextPayload).u8(reserved).u16(8 + sealedOctets).u16(number).u16(total);
    Bytes clear = out.toBytes();
    Bytes iv = new ByteWriter().u32(0x7777).u32(number).toBytes();
    byte[] plaintext = new ByteWriter().bytes(content).u8(0).toArray();
    Bytes sealed =
        sa.suite.cipher().seal(sa.keys.encryption(), sa.keys.integrity(), iv, clear, plaintext);
    return Bytes.concat(clear, sealed);
  }
}

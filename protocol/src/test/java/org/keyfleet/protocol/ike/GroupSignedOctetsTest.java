package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SkCipher;
import org.keyfleet.testkit.CommentedHex;
import org.keyfleet.testkit.Mutations;

/** What a GSA_REKEY signs: RFC 9838 section 2.4.1.1, the same at the sender and at the receiver. */
class GroupSignedOctetsTest {
  private static final IkeHeader HEADER =
      new IkeHeader(
          new IkeSpi(0x5151515151515151L),
          new IkeSpi(0x5252525252525252L),
          ExchangeType.GSA_REKEY,
          false,
          false,
          7);
  private static final Payload GSA = new GsaPayload(Bytes.of(3));
  private static final Payload KD = new KdPayload(Bytes.of(6));

  private static List<Payload> signedWith(Bytes signature) {
    return List.of(GSA, KD, SignatureAuth.of(SignatureScheme.ED25519, signature));
  }

  private static final Bytes SIGNATURE = Bytes.fromHex("ab".repeat(64));

  @Test
  void zeroesTheSignatureOnly() throws MalformedMessageException {
    Bytes expected =
        CommentedHex.octets(
            """
            5151515151515151 5252525252525252
            2e 20 29 00 00000007
            0000007a                     // AdjustedLen: 28 + 4 + 5 + 5 + 80
            33 00 005e                   // AdjustedPldLen: 4 + 90
            34 00 0005 03                // GSA
            27 00 0005 06                // KD
            00 00 0050 0e 000000         // AUTH, Digital Signature
            07 300506032b6570            // ASN.1 length, AlgorithmIdentifier
            """
                + "00".repeat(64));
    assertEquals(
        expected, GroupSignedOctets.of(OutboundMessage.adjusted(HEADER, signedWith(SIGNATURE))));
    List<Payload> blank =
        List.of(GSA, KD, SignatureAuth.blank(SignatureScheme.ED25519, SIGNATURE.size()));
    assertEquals(expected, OutboundMessage.adjusted(HEADER, blank));
  }

  /** Sealed whole, sealed in fragments, or as built: the signed octets are the same. */
  @Test
  void areTheSameAfterTheWayThroughFragments() throws Exception {
    SkCipher cipher = IkeSuite.Encryption.AES_GCM_256.cipher();
    List<Payload> payloads = signedWith(SIGNATURE);
    Bytes built = GroupSignedOctets.of(OutboundMessage.adjusted(HEADER, payloads));
    try (IkeSaKeys keys = TestKeys.of(cipher);
        SkSealer sealer =
            new SkSealer(cipher, keys.ei().copy(), keys.ai().copy(), IvSource.counter());
        SkOpener opener =
            new SkOpener(
                cipher,
                keys.ei().copy(),
                keys.ai().copy(),
                Optional.of(new Reassembler(4, 1000)))) {
      for (int max : new int[] {1000, 120}) {
        Optional<OpenedMessage> opened = Optional.empty();
        for (Bytes datagram : sealer.seal(HEADER, payloads, max)) {
          opened = opener.open((SealedMessage) InboundMessage.parse(datagram), 0);
        }
        assertEquals(built, GroupSignedOctets.of(opened.orElseThrow().adjusted()));
      }
    }
  }

  /** Header bits that a reader ignores are signed all the same, as they were received. */
  @Test
  void keepIgnoredBits() throws Exception {
    SealedBody odd = new SealedBody(PayloadType.DELETE.code(), 0x15, 0, 0, Bytes.EMPTY);
    List<Payload> payloads =
        List.of(
            new DeletePayload(0, List.of()), SignatureAuth.of(SignatureScheme.ED25519, SIGNATURE));
    Bytes header = CommentedHex.octets("5151515151515151 5252525252525252 2e 21 29 47 00000007");
    Bytes received = Bytes.concat(header, Bytes.fromHex("ffffffff"));
    OpenedMessage opened =
        OpenedMessage.decode(HEADER, received, odd, PayloadChain.encode(payloads));
    assertEquals(header, opened.adjusted().slice(0, 24));
    assertEquals(0x15, opened.adjusted().at(29));
    assertEquals(opened.adjusted().size(), opened.adjusted().at(27));
  }

  @Test
  void needExactlyOneDigitalSignature() {
    AuthPayload auth = SignatureAuth.of(SignatureScheme.ED25519, SIGNATURE);
    AuthPayload psk = new AuthPayload(AuthPayload.SHARED_KEY, SIGNATURE);
    for (List<Payload> bad :
        List.of(List.of(GSA, KD), List.of(GSA, auth, auth), List.<Payload>of(psk))) {
      Bytes adjusted = OutboundMessage.adjusted(HEADER, bad);
      assertThrows(MalformedMessageException.class, () -> GroupSignedOctets.of(adjusted));
    }
  }

  @Test
  void cutMessagesAreMalformed() {
    Bytes adjusted = OutboundMessage.adjusted(HEADER, signedWith(Bytes.EMPTY));
    Mutations.truncations(adjusted)
        .forEach(
            cut -> assertThrows(MalformedMessageException.class, () -> GroupSignedOctets.of(cut)));
  }
}

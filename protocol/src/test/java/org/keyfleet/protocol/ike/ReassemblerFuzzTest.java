package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SkCipher;

/** An authentic peer that sends whatever it likes stays within the bounds of the memory it gets. */
@Tag("fuzz")
class ReassemblerFuzzTest {
  private static final int MAX_MESSAGES = 2;
  private static final SkCipher CIPHER = IkeSuite.Encryption.AES_GCM_128.cipher();

  @FuzzTest
  void fragments(FuzzedDataProvider data) throws NotAuthenticException {
    Reassembler reassembler = new Reassembler(MAX_MESSAGES, 1000);
    try (IkeSaKeys keys = TestKeys.of(CIPHER);
        SkOpener opener =
            new SkOpener(CIPHER, keys.ei().copy(), keys.ai().copy(), Optional.of(reassembler))) {
      long now = 0;
      for (int i = 0; i < 32 && data.remainingBytes() > 0; i++) {
        now += data.consumeByte(Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xff;
        try {
          opener.open(fragment(data, keys, i), now);
        } catch (MalformedMessageException refused) {
          assertEquals(0, refused.getStackTrace().length);
        }
        assertTrue(reassembler.waitingMessages() <= MAX_MESSAGES);
        assertTrue(reassembler.waitingOctets() <= MAX_MESSAGES * Reassembler.MAX_MESSAGE_OCTETS);
      }
    }
  }

  private static SealedMessage fragment(FuzzedDataProvider data, IkeSaKeys keys, int count)
      throws MalformedMessageException {
    IkeHeader header = TestKeys.request(ExchangeType.INFORMATIONAL, data.consumeInt(0, 3));
    int next = data.consumeInt(0, 255);
    int number = data.consumeInt(0, 5);
    int total = data.consumeInt(0, 5);
    byte[] plaintext = data.consumeBytes(64);
    int sealedOctets = CIPHER.ivOctets() + plaintext.length + CIPHER.icvOctets();
    int headerOctets = total == 0 ? 4 : 8;
    ByteWriter out = new ByteWriter();
    header.encode(
        out,
        (total == 0 ? PayloadType.SK : PayloadType.SKF).code(),
        IkeHeader.OCTETS + headerOctets + sealedOctets);
    SealedBody.encodeHeader(out, next, number, total, sealedOctets);
    Bytes iv = new ByteWriter().u64(count).toBytes();
    try (SecretBytes none = SecretBytes.takeFrom(new byte[0])) {
      Bytes sealed = CIPHER.seal(keys.ei(), none, iv, out.toBytes(), plaintext);
      return (SealedMessage) InboundMessage.parse(Bytes.concat(out.toBytes(), sealed));
    }
  }
}

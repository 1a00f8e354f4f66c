package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** The content of SK payloads and the structures in it; the first octet is the first type. */
@Tag("fuzz")
class PayloadChainFuzzTest {
  @FuzzTest
  void payloads(byte[] input) throws MalformedMessageException {
    if (input.length == 0) {
      return;
    }
    int type = input[0] & 0xff;
    PayloadList payloads;
    try {
      payloads = PayloadChain.decode(type, Bytes.copyOf(input, 1, input.length));
    } catch (MalformedMessageException refused) {
      return;
    }
    Bytes again = PayloadChain.encode(payloads.all());
    assertEquals(payloads, PayloadChain.decode(type, again));
    assertEquals(input.length - 1, again.size());
    for (AuthPayload auth : payloads.every(AuthPayload.class)) {
      signature(auth);
    }
    for (NotifyPayload notify : payloads.every(NotifyPayload.class)) {
      notifyData(notify);
    }
  }

  private static void signature(AuthPayload auth) {
    try {
      assertEquals(auth, SignatureAuth.decode(auth).toPayload());
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  private static void notifyData(NotifyPayload notify) {
    try {
      assertEquals(notify.data(), SignatureHashes.decode(notify).toNotify().data());
      new SuiteNegotiation(SuitePolicy.STANDARD).wantedKeyExchange(notify);
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @FuzzTest
  void transforms(byte[] input) {
    ByteReader in = Bytes.copyOf(input).reader();
    try {
      ByteWriter out = new ByteWriter();
      TransformCodec.encode(TransformCodec.decode(in), out);
      assertEquals(input.length - in.remaining(), out.size());
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @FuzzTest
  void trafficSelector(byte[] input) {
    ByteReader in = Bytes.copyOf(input).reader();
    try {
      ByteWriter out = new ByteWriter();
      TrafficSelector.decode(in).encode(out);
      assertEquals(Bytes.copyOf(input, 0, input.length - in.remaining()), out.toBytes());
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @FuzzTest
  void groupSignedOctets(byte[] input) {
    try {
      assertEquals(input.length, GroupSignedOctets.of(Bytes.copyOf(input)).size());
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @FuzzTest
  void offers(byte[] input) {
    try {
      SaPayload offer = SaPayload.decode(Bytes.copyOf(input).reader());
      SuiteNegotiation negotiation = new SuiteNegotiation(SuitePolicy.STANDARD);
      negotiation.accept(negotiation.offer(), offer);
      if (negotiation.choose(offer, 31) instanceof SuiteChoice.Chosen chosen) {
        assertEquals(chosen.suite(), negotiation.accept(offer, chosen.answer()).orElseThrow());
      }
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }
}

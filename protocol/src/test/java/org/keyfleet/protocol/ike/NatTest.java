package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.ike.NatDetection.Endpoint;
import org.keyfleet.protocol.octets.Bytes;

/** NAT detection (RFC 7296 section 2.23) and the shared port (RFC 3948 section 2). */
class NatTest {
  private static final Endpoint MEMBER = new Endpoint(Bytes.of(10, 77, 0, 11), 848);
  private static final Endpoint GCKS = new Endpoint(Bytes.of(10, 77, 0, 1), 848);
  private static final Endpoint NAT = new Endpoint(Bytes.of(192, 0, 2, 1), 40000);
  private static final IkeHeader REQUEST =
      new IkeHeader(TestKeys.SPI_I, IkeSpi.NONE, ExchangeType.IKE_SA_INIT, true, false, 0);

  private static PayloadList sent() {
    return new PayloadList(
        List.copyOf(NatDetection.notifies(TestKeys.SPI_I, IkeSpi.NONE, MEMBER, GCKS)));
  }

  @Test
  void hashesSpisAddressAndPort() throws Exception {
    byte[] input = Bytes.fromHex("a1a2a3a4a5a6a7a8 0000000000000000 0a4d000b 0350").toArray();
    Bytes expected = Bytes.copyOf(MessageDigest.getInstance("SHA-1").digest(input));
    assertEquals(expected, NatDetection.hash(TestKeys.SPI_I, IkeSpi.NONE, MEMBER));
  }

  @Test
  void noNat() {
    assertFalse(NatDetection.detect(REQUEST, sent(), MEMBER, GCKS).any());
  }

  @Test
  void natBeforeThePeer() {
    NatDetection seen = NatDetection.detect(REQUEST, sent(), NAT, GCKS);
    assertEquals(new NatDetection(true, false), seen);
  }

  @Test
  void natBeforeUs() {
    NatDetection seen =
        NatDetection.detect(REQUEST, sent(), MEMBER, new Endpoint(Bytes.of(10, 0, 0, 9), 848));
    assertEquals(new NatDetection(false, true), seen);
  }

  @Test
  void aPortAloneIsANat() {
    assertTrue(
        NatDetection.detect(REQUEST, sent(), new Endpoint(MEMBER.address(), 849), GCKS).any());
  }

  @Test
  void oneOfSeveralSourcesIsEnough() {
    List<Payload> several =
        new ArrayList<>(NatDetection.notifies(TestKeys.SPI_I, IkeSpi.NONE, NAT, GCKS));
    several.addAll(sent().all());
    assertFalse(NatDetection.detect(REQUEST, new PayloadList(several), MEMBER, GCKS).any());
  }

  @Test
  void withoutNotifiesThereIsNothingToSee() {
    PayloadList half = new PayloadList(sent().all().subList(0, 1));
    assertFalse(NatDetection.detect(REQUEST, half, NAT, NAT).any());
  }

  @Test
  void markerTellsIkeFromEsp() {
    Bytes message = Bytes.fromHex("a1a2a3a4");
    Bytes marked = NonEspMarker.add(message);
    assertEquals("00000000a1a2a3a4", marked.hex());
    assertEquals(NonEspMarker.Kind.IKE, NonEspMarker.kind(marked));
    assertEquals(message, NonEspMarker.strip(marked));
    assertEquals(NonEspMarker.Kind.ESP, NonEspMarker.kind(message));
    assertEquals(NonEspMarker.Kind.KEEPALIVE, NonEspMarker.kind(NonEspMarker.keepalive()));
    for (String shorter : new String[] {"", "00", "ffff", "000000"}) {
      assertEquals(NonEspMarker.Kind.TOO_SHORT, NonEspMarker.kind(Bytes.fromHex(shorter)));
    }
    assertThrows(IllegalArgumentException.class, () -> NonEspMarker.strip(message));
  }
}

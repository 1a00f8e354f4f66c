package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.testkit.CommentedHex;
import org.keyfleet.testkit.Mutations;

class TrafficSelectorTest {
  private static final String MULTICAST =
      """
      07 11 00 10          // IPv4 range, UDP, 16 octets
      03 50 03 50          // port 848
      ef 4d 00 01 ef 4d 00 01
      """;
  private static final String ANY_IPV6 =
      """
      08 00 00 28          // IPv6 range, any protocol, 40 octets
      00 00 ff ff          // any port
      00000000000000000000000000000000
      ffffffffffffffffffffffffffffffff
      """;

  @ParameterizedTest
  @ValueSource(strings = {MULTICAST, ANY_IPV6})
  void reencodesIdenticallyAndRefusesTruncations(String hex) throws MalformedMessageException {
    Bytes octets = CommentedHex.octets(hex);
    ByteWriter out = new ByteWriter();
    TrafficSelector.decode(octets.reader()).encode(out);
    assertEquals(octets, out.toBytes());
    Mutations.truncations(octets)
        .forEach(
            cut ->
                assertThrows(
                    MalformedMessageException.class, () -> TrafficSelector.decode(cut.reader())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "06110010 03500350 ef4d0001 ef4d0001", // type
        "0711000f 03500350 ef4d0001 ef4d0001", // length too short
        "07110011 03500350 ef4d0001 ef4d000100", // length too long
        "07110010 03500350 ef4d0002 ef4d0001", // end before start
        "08110010 03500350 ef4d0001 ef4d0001" // IPv6 with the length of IPv4
      })
  void refusesBadOnes(String hex) {
    Bytes octets = Bytes.fromHex(hex);
    assertThrows(MalformedMessageException.class, () -> TrafficSelector.decode(octets.reader()));
  }

  @Test
  void knowsOneAddressAndPort() throws MalformedMessageException {
    Bytes address = Bytes.of(239, 77, 0, 1);
    TrafficSelector single = TrafficSelector.of(17, address, 848);
    assertEquals(single, TrafficSelector.decode(CommentedHex.octets(MULTICAST).reader()));
    assertTrue(single.isSingle());
    assertFalse(TrafficSelector.decode(CommentedHex.octets(ANY_IPV6).reader()).isSingle());
  }
}

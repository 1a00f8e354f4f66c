package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Both encodings of a Delete (RFC 9838 sections 2.4.3 and 4.6). */
class GroupDeleteTest {
  private static final Bytes ZERO_4 = Bytes.fromHex("00000000");
  private static final Bytes ZERO_16 = Bytes.fromHex("00".repeat(16));
  private static final Bytes SPI = Bytes.fromHex("c1c2c3c4");

  private static GroupDelete read(int protocol, Bytes... spis) throws MalformedMessageException {
    return GroupDelete.of(new DeletePayload(protocol, List.of(spis)));
  }

  private static String sent(GroupDelete delete) {
    ByteWriter out = new ByteWriter();
    delete.toPayload().encodeBody(out);
    return out.toBytes().hex();
  }

  @Test
  void protocolZeroIsTheWholeGroup() throws MalformedMessageException {
    assertEquals(new GroupDelete.WholeGroup(), read(0));
    assertEquals(new GroupDelete.WholeGroup(), read(0, ZERO_4));
    assertEquals("00000000", sent(new GroupDelete.WholeGroup()));
  }

  @Test
  void zeroSpiOfEspOrAhIsAllDataSas() throws MalformedMessageException {
    assertEquals(new GroupDelete.AllDataSas(ProtocolId.ESP), read(3, ZERO_4));
    assertEquals(new GroupDelete.AllDataSas(ProtocolId.ESP), read(3));
    assertEquals(new GroupDelete.AllDataSas(ProtocolId.AH), read(2, ZERO_4));
    assertEquals("0304000100000000", sent(new GroupDelete.AllDataSas(ProtocolId.ESP)));
  }

  @Test
  void zeroSpiOfGikeUpdateExcludes() throws MalformedMessageException {
    assertEquals(new GroupDelete.Excluded(), read(6, ZERO_16));
    assertEquals(new GroupDelete.Excluded(), read(6));
    assertEquals("06100001" + "00".repeat(16), sent(new GroupDelete.Excluded()));
  }

  @Test
  void otherSpisNameTheirSas() throws MalformedMessageException {
    GroupDelete.Sas two =
        new GroupDelete.Sas(List.of(GroupSaId.esp(SPI), GroupSaId.esp(Bytes.fromHex("d1d2d3d4"))));
    assertEquals(two, read(3, SPI, Bytes.fromHex("d1d2d3d4")));
    assertEquals("03040002c1c2c3c4d1d2d3d4", sent(two));
    assertEquals(new GroupDelete.Sas(List.of(TestGroup.SA1)), read(6, TestGroup.SA1.spi()));
  }

  @Test
  void badOnes() {
    assertThrows(MalformedMessageException.class, () -> read(0, SPI));
    assertThrows(MalformedMessageException.class, () -> read(1));
    assertThrows(MalformedMessageException.class, () -> read(9, SPI));
    assertThrows(MalformedMessageException.class, () -> read(3, ZERO_16));
    assertThrows(MalformedMessageException.class, () -> read(6, ZERO_4));
    assertThrows(MalformedMessageException.class, () -> read(3, SPI, ZERO_4));
    assertThrows(
        IllegalArgumentException.class,
        () -> new GroupDelete.Sas(List.of(TestGroup.SA1, TestGroup.ESP1)));
    assertThrows(IllegalArgumentException.class, () -> new GroupDelete.Sas(List.of()));
    assertThrows(
        IllegalArgumentException.class, () -> new GroupDelete.AllDataSas(ProtocolId.GIKE_UPDATE));
  }
}

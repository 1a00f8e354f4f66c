package org.keyfleet.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.benchmarks.fleet.SecretSearch.Secret;
import org.keyfleet.protocol.octets.Bytes;

class SecretSearchTest {
  private static final Bytes KEY =
      Bytes.fromHex("0f1e2d3c4b5a69788796a5b4c3d2e1f01f21324354657687a8a9bacbdcedfe0f");
  private static final String LABEL = "the key";

  private final SecretSearch search = new SecretSearch(List.of(new Secret(LABEL, KEY)));

  @Test
  void findsTheKeyAsItIsWhereverItStands() {
    for (int at = 0; at < 9; at++) {
      search.startAt("here", 0);
      search(pad(at, KEY.toArray()));
    }
    assertEquals(9 * 4, search.hits().size());
    assertEquals(32, search.octetsFound(LABEL));
    assertEquals("the key from octet 0, as it is, before 0x8 of here", search.hits().get(0) + "");
  }

  @Test
  void findsWhatIsLeftOfAFreedBuffer() {
    byte[] freed = KEY.toArray();
    System.arraycopy(new byte[16], 0, freed, 0, 16);
    search(freed);
    assertEquals(16, search.octetsFound(LABEL));
  }

  @Test
  void findsItAcrossChunks() {
    for (byte octet : pad(3, KEY.toArray())) {
      search(new byte[] {octet});
    }
    assertEquals(32, search.octetsFound(LABEL));
    assertEquals(3 + 32 + 3, search.octetsSearched());
  }

  @Test
  void findsNothingAcrossAGap() {
    search.startAt("here", 0);
    search(KEY.slice(0, 4).toArray());
    search.startAt("there", 0x1000);
    search(KEY.slice(4, 8).toArray());
    assertEquals(List.of(), search.hits());
  }

  @Test
  void findsItAsTextAndAsWords() {
    String hex = HexFormat.of().formatHex(KEY.toArray());
    assertForm("as hex", hex.getBytes(StandardCharsets.US_ASCII));
    assertForm(
        "as HEX",
        HexFormat.of()
            .withUpperCase()
            .formatHex(KEY.toArray())
            .getBytes(StandardCharsets.US_ASCII));
    assertForm("as base64", Base64.getEncoder().encode(KEY.toArray()));
    ByteBuffer words = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 32; i += 4) {
      words.putInt(ByteBuffer.wrap(KEY.toArray()).getInt(i));
    }
    assertForm("words reversed", words.array());
    ByteBuffer longWords = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 32; i += 8) {
      longWords.putLong(ByteBuffer.wrap(KEY.toArray()).getLong(i));
    }
    assertForm("long words reversed", longWords.array());
  }

  @Test
  void findsNothingInOtherKeys() {
    byte[] other = KEY.toArray();
    for (int i = 0; i < other.length; i += 8) {
      other[i] ^= 1;
    }
    search(other);
    assertEquals(List.of(), search.hits());
  }

  private static void assertForm(String form, byte[] octets) {
    SecretSearch search = new SecretSearch(List.of(new Secret(LABEL, KEY)));
    search.search(octets, octets.length);
    assertEquals(form, search.hits().get(0).form());
    assertEquals(1, search.hits().stream().map(SecretSearch.Hit::form).distinct().count());
  }

  private void search(byte[] octets) {
    search.search(octets, octets.length);
  }

  private static byte[] pad(int count, byte[] octets) {
    byte[] padded = new byte[count + octets.length + count];
    System.arraycopy(octets, 0, padded, count, octets.length);
    return padded;
  }
}

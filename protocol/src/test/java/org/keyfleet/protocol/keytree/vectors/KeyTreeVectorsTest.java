package org.keyfleet.protocol.keytree.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keyfleet.testkit.DocsVectors;

class KeyTreeVectorsTest {
  @Test
  void theSlowImplementationMakesTheFilesAgain() throws Exception {
    Map<String, String> files = KeyTreeVectors.files();
    assertEquals(5, files.size());
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertEquals(
          Files.readString(DocsVectors.path(file.getKey())), file.getValue(), file.getKey());
    }
  }

  /** The example of docs/protocol-extensions.md, made with OpenSSL. */
  @Test
  void itsKeyWrapIsThatOfOthers() throws Exception {
    byte[] kek = hex("331b6d688fba7b9498ba57168cc2f9c98d5e8172679949aff53638ba109f1afd");
    byte[] key = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    assertArrayEquals(
        hex("4454bf3405bc2de8c4497a91eb26d434e5ebc01cc3f7f61fd355d0cd8ca7bb336f9508bc899da82d"),
        SlowCrypto.wrapped(kek, key));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}

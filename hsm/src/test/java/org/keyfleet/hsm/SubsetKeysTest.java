package org.keyfleet.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.Subset;
import org.keyfleet.protocol.keytree.SubsetRank;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The vectors of docs/protocol-extensions.md. */
class SubsetKeysTest {
  @Test
  void stepsAreThoseOfTheVectors() throws Exception {
    Properties vectors = new Properties();
    try (InputStream in = SubsetKeysTest.class.getResourceAsStream("subset-vectors.properties")) {
      vectors.load(Objects.requireNonNull(in));
    }
    assertTrue(vectors.size() >= 6);
    for (String way : vectors.stringPropertyNames()) {
      assertEquals(Bytes.fromHex(vectors.getProperty(way)), walk(way), way);
    }
  }

  @Test
  void ranksAreThoseOfTheTable() {
    HeapTree three = new HeapTree(3);
    int[][] pairs = {
      {1, 2, 2}, {1, 15, 15}, {2, 4, 16}, {2, 11, 21}, {3, 6, 22}, {3, 12, 24}, {7, 14, 34}
    };
    for (int[] pair : pairs) {
      assertEquals(pair[2], SubsetRank.of(three, new Subset(pair[0], pair[1])));
    }
    HeapTree high = new HeapTree(26);
    assertEquals(134_217_728L, SubsetRank.of(high, new Subset(2, 4)));
    int last = (1 << 27) - 1;
    assertEquals(3_355_443_203L, SubsetRank.of(high, new Subset(last / 2, last)));
  }

  private static Bytes walk(String way) {
    byte[] first = new byte[SubsetKeys.OCTETS];
    for (int i = 0; i < first.length; i++) {
      first[i] = (byte) i;
    }
    SecretBytes label = SecretBytes.takeFrom(first);
    for (int i = 0; i < way.length(); i++) {
      Bytes which =
          switch (way.charAt(i)) {
            case 'L' -> SubsetKeys.LEFT;
            case 'R' -> SubsetKeys.RIGHT;
            default -> SubsetKeys.KEY;
          };
      try (SecretBytes before = label) {
        label = SubsetKeys.step(before, which);
      }
    }
    try (SecretBytes end = label) {
      return end.use(Bytes::copyOf);
    }
  }
}

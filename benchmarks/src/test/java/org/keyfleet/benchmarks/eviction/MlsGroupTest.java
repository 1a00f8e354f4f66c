package org.keyfleet.benchmarks.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the commits which are measured are commits, and what stands in them. */
class MlsGroupTest {
  private static final int MEMBERS = 32;

  /**
   * HPKECiphertext of RFC 9420 section 7.6: X25519 key and sealed 32 octets, a length before each.
   */
  private static final int CIPHERTEXT = 1 + 32 + 1 + 32 + 16;

  /** Frame, signature, tags, the committer's leaf, and a public key for each node of its path. */
  private static final int REST = 1000;

  private final SecureRandom random = new SecureRandom();

  private MlsGroup group(String state) throws Exception {
    return state.equals("cold") ? MlsGroup.cold(MEMBERS, random) : MlsGroup.warm(MEMBERS, random);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cold", "warm"})
  void whoStaysFollowsAndWhoIsRemovedDoesNot(String state) throws Exception {
    MlsGroup group = group(state);
    assertTrue(group.otherFollows(group.evict(group.farLeaf(new Random(1)))));
    MlsGroup.Eviction ofOther = group.evict(group.otherLeaf());
    assertThrows(Exception.class, () -> group.otherFollows(ofOther));
    assertTrue(group.otherFollows(group.evict(group.farLeaf(new Random(2)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cold", "warm"})
  void ciphertextsAreThoseOfTheMessage(String state) throws Exception {
    MlsGroup group = group(state);
    int leaf = group.farLeaf(new Random(3));
    int ciphertexts = group.ciphertexts(leaf);
    assertEquals(state.equals("cold") ? MEMBERS - 2 : 2 * 5 - 2, ciphertexts);
    int octets = group.evict(leaf).message().size();
    assertTrue(
        octets > CIPHERTEXT * ciphertexts && octets < CIPHERTEXT * ciphertexts + REST,
        octets + " octets");
  }
}

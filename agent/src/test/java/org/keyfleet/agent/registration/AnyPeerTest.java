package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The same as the fuzz test, with random decisions: other peers each time. */
class AnyPeerTest {
  private static final int PEERS = 50;
  private static final int DECISIONS = 1000;

  @Test
  void nothingThatAPeerSendsThrows() throws Exception {
    long first = new Random().nextLong();
    Set<AnyPeer.Kind> met = EnumSet.noneOf(AnyPeer.Kind.class);
    Set<Class<?>> done = new HashSet<>();
    for (long seed = first; seed < first + PEERS; seed++) {
      try {
        AnyPeer peer = new AnyPeer(Choices.of(new Random(seed), DECISIONS), octets(seed));
        peer.play();
        met.addAll(peer.met);
        done.addAll(peer.done);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    // else the peers were too dull to find anything
    assertEquals(EnumSet.allOf(AnyPeer.Kind.class), met, "first seed " + first);
    assertEquals(
        Set.of(RegistrationAction.class.getPermittedSubclasses()), done, "first seed " + first);
  }

  private static byte[] octets(long seed) {
    return ByteBuffer.allocate(Long.BYTES).putLong(seed).array();
  }
}

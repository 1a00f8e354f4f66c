package org.keyfleet.benchmarks.eviction;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Random;
import org.keyfleet.benchmarks.Bench;

/** Removes members of a group of Bouncy Castle's MLS, for comparison. */
final class MlsMeasurement {
  /** Bounds the rounds: a commit for a cold group encrypts for each member on its own. */
  private static final int CIPHERTEXTS = 20_000;

  private static final int LEAST_ROUNDS = 3;

  private final SecureRandom secure = new SecureRandom();
  private final Random random;
  private final int rounds;

  MlsMeasurement(Random random, int rounds) {
    this.random = random;
    this.rounds = rounds;
  }

  MlsRow cold(int members) throws IOException {
    return measure("MLS cold", () -> MlsGroup.cold(members, secure));
  }

  MlsRow warm(int members) throws IOException {
    return measure("MLS warm", () -> MlsGroup.warm(members, secure));
  }

  /** Makes a group with Bouncy Castle, whose every method may throw any exception. */
  @FunctionalInterface
  private interface Maker {
    MlsGroup make() throws Exception;
  }

  private MlsRow measure(String method, Maker maker) throws IOException {
    try {
      return measure(method, maker.make());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(method + ": " + e.getMessage(), e);
    }
  }

  private MlsRow measure(String method, MlsGroup group) throws Exception {
    int evicted = group.farLeaf(random);
    MlsGroup.Eviction eviction = group.evict(evicted);
    if (!group.otherFollows(eviction)) {
      throw new IOException(method + ": a member that stays has other keys than the committer");
    }
    double[] micros =
        new double[Math.max(LEAST_ROUNDS, Math.min(rounds, CIPHERTEXTS / group.members()))];
    for (int round = -micros.length; round < micros.length; round++) {
      int leaf = group.farLeaf(random);
      long start = System.nanoTime();
      group.evict(leaf);
      micros[Math.max(0, round)] = (System.nanoTime() - start) / 1e3;
    }
    return new MlsRow(
        method,
        group.members(),
        group.ciphertexts(evicted),
        eviction.message().size(),
        Bench.median(micros));
  }
}

package org.keyfleet.benchmarks.eviction;

import java.util.Random;
import java.util.function.ToIntBiFunction;
import java.util.stream.IntStream;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.protocol.keytree.CompleteSubtree;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.SubsetDifference;

/** Covers of the stateless algorithms for members revoked at random places. */
final class CoverMeasurement {
  private final Random random;
  private final int rounds;

  CoverMeasurement(Random random, int rounds) {
    this.random = random;
    this.rounds = rounds;
  }

  CoverRow subsetDifference(int height, int revoked) {
    int held = height * (height + 1) / 2 + 1;
    return measure(
        "SD", height, revoked, held, (tree, leaves) -> SubsetDifference.cover(tree, leaves).size());
  }

  CoverRow completeSubtree(int height, int revoked) {
    return measure(
        "CS",
        height,
        revoked,
        height + 1,
        (tree, leaves) -> CompleteSubtree.cover(tree, leaves).size());
  }

  private CoverRow measure(
      String method, int height, int revoked, int held, ToIntBiFunction<HeapTree, int[]> cover) {
    HeapTree tree = new HeapTree(height);
    double[] micros = new double[rounds];
    long subsets = 0;
    for (int round = -rounds; round < rounds; round++) {
      int[] leaves = leaves(tree, revoked);
      long start = System.nanoTime();
      int size = cover.applyAsInt(tree, leaves);
      micros[Math.max(0, round)] = (System.nanoTime() - start) / 1e3;
      subsets += size;
    }
    return new CoverRow(
        method,
        tree.leaves(),
        revoked,
        (double) subsets / (2 * rounds),
        Bench.median(micros),
        held);
  }

  private int[] leaves(HeapTree tree, int count) {
    return IntStream.generate(() -> random.nextInt(tree.leaves()))
        .distinct()
        .limit(count)
        .sorted()
        .toArray();
  }
}

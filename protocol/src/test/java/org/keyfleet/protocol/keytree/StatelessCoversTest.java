package org.keyfleet.protocol.keytree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Covers of the stateless algorithms. Repeat a run with {@code -Dkeyfleet.seed=N}. */
class StatelessCoversTest {
  private final long seed = Long.getLong("keyfleet.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6})
  void coversAreThoseOfTheBook(int height) {
    HeapTree tree = new HeapTree(height);
    for (int run = 0; run < 60; run++) {
      SortedSet<Integer> revoked = someLeaves(tree, random.nextInt(tree.leaves() + 1));
      SlowCovers slow = new SlowCovers(height, revoked);
      int[] sorted = array(revoked);
      assertEquals(
          slow.completeSubtree(), new HashSet<>(CompleteSubtree.cover(tree, sorted)), this::seed);
      assertEquals(
          slow.subsetDifference(), new HashSet<>(SubsetDifference.cover(tree, sorted)), this::seed);
    }
  }

  @Test
  void theCoverOfEverySetOfRevokedLeavesIsAPartition() {
    HeapTree tree = new HeapTree(3);
    for (int mask = 0; mask < 1 << tree.leaves(); mask++) {
      TreeSet<Integer> revoked = new TreeSet<>();
      for (int leaf = 0; leaf < tree.leaves(); leaf++) {
        if ((mask >> leaf & 1) == 1) {
          revoked.add(leaf);
        }
      }
      List<Subset> differences = SubsetDifference.cover(tree, array(revoked));
      List<Integer> subtrees = CompleteSubtree.cover(tree, array(revoked));
      for (int leaf = 0; leaf < tree.leaves(); leaf++) {
        LeafIndex member = new LeafIndex(leaf);
        long expected = revoked.contains(leaf) ? 0 : 1;
        assertEquals(expected, differences.stream().filter(s -> s.contains(tree, member)).count());
        assertEquals(
            expected,
            subtrees.stream().filter(n -> HeapTree.isAtOrAbove(n, tree.node(member))).count());
      }
      assertTrue(differences.size() <= Math.max(1, 2 * revoked.size() - 1));
    }
  }

  /** The paper's bounds and its average; more revoked than a few, fewer than N / 10. */
  @Test
  void subsetDifferenceTakesOneAndAQuarterSubsetsARevokedMember() {
    HeapTree tree = new HeapTree(20);
    int r = 1000;
    long subsets = 0;
    int runs = 200;
    for (int run = 0; run < runs; run++) {
      int size = SubsetDifference.cover(tree, array(someLeaves(tree, r))).size();
      assertTrue(size <= 2 * r - 1, this::seed);
      subsets += size;
    }
    assertEquals(1.25, (double) subsets / runs / r, 1.25 * 0.03, this::seed);
  }

  @Test
  void completeSubtreeStaysBelowItsBound() {
    HeapTree tree = new HeapTree(16);
    for (int r : new int[] {1, 2, 10, 500}) {
      int bound = (int) Math.ceil(r * (Math.log((double) tree.leaves() / r) / Math.log(2)));
      int size = CompleteSubtree.cover(tree, array(someLeaves(tree, r))).size();
      assertTrue(size <= bound, () -> size + " subtrees for " + r + ", seed " + seed);
    }
    assertEquals(16, CompleteSubtree.cover(tree, new int[] {4711}).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void ranksNumberTheSubsetsWithoutAGap(int height) {
    HeapTree tree = new HeapTree(height);
    Set<Subset> seen = new HashSet<>();
    for (long rank = 1; rank <= SubsetRank.largest(tree); rank++) {
      Subset subset = SubsetRank.subset(tree, rank);
      assertEquals(rank, SubsetRank.of(tree, subset));
      assertTrue(seen.add(subset));
    }
    int pairs = 0;
    for (int i = 1; i < 2 * tree.leaves(); i++) {
      for (int j = i + 1; j < 2 * tree.leaves(); j++) {
        pairs += HeapTree.isAtOrAbove(i, j) ? 1 : 0;
      }
    }
    assertEquals(pairs + 1, seen.size());
  }

  @Test
  void ranksOfTheHighestTreeFit32Bits() {
    HeapTree tree = new HeapTree(HeapTree.MAX_HEIGHT);
    assertEquals(3_355_443_203L, SubsetRank.largest(tree));
    assertTrue(SubsetRank.largest(tree) < 1L << 32);
    for (int run = 0; run < 10_000; run++) {
      long rank = 1 + (long) (random.nextDouble() * (SubsetRank.largest(tree) - 1));
      assertEquals(rank, SubsetRank.of(tree, SubsetRank.subset(tree, rank)), this::seed);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> SubsetRank.subset(tree, SubsetRank.largest(tree) + 1));
    assertThrows(IllegalArgumentException.class, () -> SubsetRank.subset(tree, 0));
  }

  /** Symbolic: everything that follows from the labels of a member, or of several together. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void labelsGiveTheKeysOfTheOwnSubsetsAndOfNoOther(int height) {
    HeapTree tree = new HeapTree(height);
    for (int leaf = 0; leaf < tree.leaves(); leaf++) {
      LeafIndex member = new LeafIndex(leaf);
      List<Subset> held = SubsetLabels.held(tree, member);
      assertEquals(height * (height + 1) / 2 + 1, held.size());
      Set<Subset> reached = closure(tree, held);
      for (long rank = 1; rank <= SubsetRank.largest(tree); rank++) {
        Subset subset = SubsetRank.subset(tree, rank);
        assertEquals(subset.contains(tree, member), reached.contains(subset));
        if (subset.contains(tree, member)) {
          Subset start = SubsetLabels.start(tree, member, subset);
          assertTrue(held.contains(start));
          assertEquals(subset, walk(start, SubsetLabels.steps(start, subset)));
          assertTrue(SubsetLabels.steps(start, subset).size() <= height);
        }
      }
    }
  }

  @Test
  void theRevokedTogetherReachNoKeyOfTheCover() {
    HeapTree tree = new HeapTree(6);
    for (int run = 0; run < 200; run++) {
      SortedSet<Integer> revoked = someLeaves(tree, 1 + random.nextInt(20));
      Set<Subset> known = new HashSet<>();
      for (int leaf : revoked) {
        known.addAll(closure(tree, SubsetLabels.held(tree, new LeafIndex(leaf))));
      }
      for (Subset subset : SubsetDifference.cover(tree, array(revoked))) {
        assertTrue(!known.contains(subset), this::seed);
      }
    }
  }

  @Test
  void marksSeedsGiveTheirPeriodsAndNoOther() {
    HeapTree tree = new HeapTree(5);
    for (int first = 0; first < tree.leaves(); first++) {
      for (int last = first; last < tree.leaves(); last++) {
        List<Integer> seeds = Marks.seeds(tree, first, last);
        assertTrue(seeds.size() <= 2 * (tree.height() - 1));
        List<Integer> periods = new ArrayList<>();
        for (int seed : seeds) {
          for (int leaf = tree.leaves(); leaf < 2 * tree.leaves(); leaf++) {
            if (HeapTree.isAtOrAbove(seed, leaf)) {
              periods.add(leaf - tree.leaves());
            }
          }
        }
        List<Integer> expected = new ArrayList<>();
        for (int period = first; period <= last; period++) {
          expected.add(period);
        }
        assertEquals(expected, periods);
      }
    }
  }

  @Test
  void leavesMustBeAscendingAndInTheTree() {
    HeapTree tree = new HeapTree(3);
    for (int[] bad : new int[][] {{1, 1}, {2, 1}, {8}, {-1}}) {
      assertThrows(IllegalArgumentException.class, () -> SubsetDifference.cover(tree, bad));
      assertThrows(IllegalArgumentException.class, () -> CompleteSubtree.cover(tree, bad));
    }
  }

  private static Set<Subset> closure(HeapTree tree, List<Subset> held) {
    Set<Subset> known = new HashSet<>(held);
    List<Subset> fresh = new ArrayList<>(held);
    while (!fresh.isEmpty()) {
      Subset label = fresh.remove(fresh.size() - 1);
      if (label.j() != 0 && !tree.isLeaf(label.j())) {
        for (int child : new int[] {2 * label.j(), 2 * label.j() + 1}) {
          if (known.add(new Subset(label.i(), child))) {
            fresh.add(new Subset(label.i(), child));
          }
        }
      }
    }
    return known;
  }

  private static Subset walk(Subset start, List<Boolean> steps) {
    int j = start.j();
    for (boolean right : steps) {
      j = 2 * j + (right ? 1 : 0);
    }
    return new Subset(start.i(), j);
  }

  private SortedSet<Integer> someLeaves(HeapTree tree, int count) {
    SortedSet<Integer> leaves = new TreeSet<>();
    while (leaves.size() < count) {
      leaves.add(random.nextInt(tree.leaves()));
    }
    return leaves;
  }

  private static int[] array(SortedSet<Integer> leaves) {
    return leaves.stream().mapToInt(Integer::intValue).toArray();
  }

  private String seed() {
    return "seed " + seed;
  }
}

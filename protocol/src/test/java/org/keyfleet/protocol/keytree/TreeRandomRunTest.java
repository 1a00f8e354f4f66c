package org.keyfleet.protocol.keytree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.protocol.keytree.SymbolicGroup.Person;

/**
 * Random lives of a group. Somebody can open exactly the SA keys of the epochs he was a member in,
 * also when people who left pool what they know. Repeat a run with {@code -Dkeyfleet.seed=N}.
 */
class TreeRandomRunTest {
  private static final int STEPS = 120;

  private final long seed = Long.getLong("keyfleet.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @ParameterizedTest
  @CsvSource({"LKH, 2", "LKH, 3", "LKH, 4", "LKH, 8", "OFC, 2", "OFC, 3"})
  void everybodyOpensExactlyTheEpochsOfHisMembership(TreeGkma gkma, int degree) {
    System.out.println("TreeRandomRunTest " + gkma + " degree " + degree + " seed " + seed);
    SymbolicGroup group = new SymbolicGroup(new TreeShape(degree, 1));
    for (int step = 0; step < STEPS; step++) {
      TreeShape shape = room(group.members());
      MembershipChange change = randomChange(group.members().resized(shape));
      RekeyPlan plan = gkma.plan(group.members(), change, shape, group::keyId);
      int moved = change.evicted().size() + change.joined().size();
      assertTrue(
          plan.wrapCount() <= degree * (shape.height() * Math.max(1, moved) + 1),
          () -> "seed " + seed + ": " + plan.wrapCount() + " wraps for " + moved + " moves");
      group.apply(plan, change);
      assertSourcesAreFoundAgain(gkma, group);
      if (random.nextInt(5) == 0) {
        refreshSome(gkma, group);
      }
    }
    for (Person person : group.present) {
      assertEquals(person.entitled, group.reachable(List.of(person)), () -> "seed " + seed);
    }
    for (Person person : group.gone) {
      assertEquals(person.entitled, group.reachable(List.of(person)), () -> "seed " + seed);
    }
    assertTrue(group.gone.size() > 10, () -> "seed " + seed);
    collude(group);
  }

  private void refreshSome(TreeGkma gkma, SymbolicGroup group) {
    List<LeafIndex> leaves = group.members().leaves();
    if (!leaves.isEmpty()) {
      List<LeafIndex> some = List.of(leaves.get(random.nextInt(leaves.size())));
      group.apply(gkma.refresh(group.members(), some, group::keyId), MembershipChange.none());
    }
  }

  /** A key server that knows the Key IDs alone computes every key from those of the leaves. */
  private void assertSourcesAreFoundAgain(TreeGkma gkma, SymbolicGroup group) {
    if (gkma.derives()) {
      for (NodeIndex node : group.innerNodes()) {
        assertEquals(
            group.sourceOf(node),
            Ofc.source(group.members(), node, group::keyId),
            () -> "seed " + seed + " node " + node);
      }
    }
  }

  private void collude(SymbolicGroup group) {
    for (int i = 0; i < 50; i++) {
      List<Person> gang = new ArrayList<>();
      Set<Integer> entitled = new TreeSet<>();
      for (int j = 0; j < 3; j++) {
        Person person = group.gone.get(random.nextInt(group.gone.size()));
        gang.add(person);
        entitled.addAll(person.entitled);
      }
      assertEquals(entitled, group.reachable(gang), () -> "seed " + seed);
    }
  }

  /** Grows the tree when it is nearly full. */
  private static TreeShape room(LeafSet members) {
    TreeShape shape = members.shape();
    return shape.leaves() - members.size() < 4 && shape.leaves() < 500 ? shape.grown() : shape;
  }

  private MembershipChange randomChange(LeafSet members) {
    Set<LeafIndex> evicted = new HashSet<>();
    List<LeafIndex> taken = members.leaves();
    for (int i = random.nextInt(4); i > 0 && !taken.isEmpty(); i--) {
      evicted.add(taken.get(random.nextInt(taken.size())));
    }
    LeafSet free = members.copy();
    evicted.forEach(free::remove);
    Set<LeafIndex> joined = new HashSet<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      OptionalInt leaf = free.firstFree(random.nextInt(members.shape().leaves()));
      if (leaf.isPresent()) {
        joined.add(new LeafIndex(leaf.getAsInt()));
        free.add(new LeafIndex(leaf.getAsInt()));
      }
    }
    return new MembershipChange(evicted, joined, true);
  }
}

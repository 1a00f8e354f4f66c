package org.keyfleet.protocol.keytree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LkhTest {
  private static NodeIndex node(int level, int position) {
    return new NodeIndex(level, position);
  }

  private static LeafSet full(TreeShape shape) {
    return LeafSet.of(
        shape,
        IntStream.range(0, shape.leaves()).mapToObj(LeafIndex::new).collect(Collectors.toSet()));
  }

  /** RFC 9838 appendix A.4: F, the sixth leaf, is excluded. */
  @Test
  void exclusionOfFigure25() {
    RekeyPlan plan = Lkh.plan(full(new TreeShape(2, 3)), MembershipChange.evict(new LeafIndex(5)));

    assertEquals(Set.of(node(2, 1), node(1, 2)), plan.renewed()); // keys 15 and 16
    assertEquals(Set.of(node(0, 5)), plan.vacated());
    assertEquals(
        Set.of(
            new Wrap(node(1, 3), node(2, 1)), // 6{15}
            new Wrap(node(1, 2), node(2, 1)), // 16{15}
            new Wrap(node(0, 4), node(1, 2))), // 11{16}
        Set.copyOf(plan.wraps()));
    assertEquals(List.of(node(2, 0), node(2, 1)), plan.top()); // 1{K_sa3}, 15{K_sa3}
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 3", "2, 10", "3, 4", "4, 5", "8, 3", "16, 2"})
  void oneEvictionFromAFullTreeCostsDegreeTimesHeightLessOne(int degree, int height) {
    TreeShape shape = new TreeShape(degree, height);
    RekeyPlan plan =
        Lkh.plan(full(shape), MembershipChange.evict(new LeafIndex(shape.leaves() / 2)));
    assertEquals(degree * height - 1, plan.wrapCount());
  }

  @Test
  void batchRenewsEachNodeOnce() {
    TreeShape shape = new TreeShape(4, 3);
    RekeyPlan apart =
        Lkh.plan(full(shape), MembershipChange.evict(new LeafIndex(0), new LeafIndex(63)));
    RekeyPlan together =
        Lkh.plan(full(shape), MembershipChange.evict(new LeafIndex(0), new LeafIndex(1)));
    assertEquals(4 + 2 * (4 + 3), apart.wrapCount());
    assertEquals(4 + 4 + 2, together.wrapCount());
  }

  @Test
  void emptiedSubtreeGetsNoKeyAndNoWrap() {
    TreeShape shape = new TreeShape(2, 2);
    LeafSet members = LeafSet.of(shape, Set.of(new LeafIndex(0), new LeafIndex(2)));
    RekeyPlan plan = Lkh.plan(members, MembershipChange.evict(new LeafIndex(2)));
    assertEquals(Set.of(node(0, 2), node(1, 1)), plan.vacated());
    assertEquals(Set.of(), plan.renewed());
    assertEquals(List.of(), plan.wraps());
    assertEquals(List.of(node(1, 0)), plan.top());
  }

  @Test
  void joinerLearnsItsPathByRegistration() {
    TreeShape shape = new TreeShape(2, 2);
    LeafSet members = LeafSet.of(shape, Set.of(new LeafIndex(0)));
    RekeyPlan plan = Lkh.plan(members, MembershipChange.join(new LeafIndex(1)));
    assertEquals(Set.of(node(0, 1), node(1, 0)), plan.renewed());
    assertEquals(List.of(new Wrap(node(0, 0), node(1, 0))), plan.wraps());
  }

  @Test
  void withoutBackwardAccessControlAJoinWrapsNothing() {
    TreeShape shape = new TreeShape(2, 3);
    LeafSet members = LeafSet.of(shape, Set.of(new LeafIndex(0), new LeafIndex(1)));
    MembershipChange change = new MembershipChange(Set.of(), Set.of(new LeafIndex(2)), false);
    RekeyPlan plan = Lkh.plan(members, change);
    assertEquals(Set.of(node(0, 2), node(1, 1)), plan.renewed()); // 2/0 keeps its key
    assertEquals(List.of(), plan.wraps());
  }

  @Test
  void freedLeafGoesToAJoinerInTheSameBatch() {
    TreeShape shape = new TreeShape(2, 2);
    MembershipChange change =
        new MembershipChange(Set.of(new LeafIndex(3)), Set.of(new LeafIndex(3)), true);
    RekeyPlan plan = Lkh.plan(full(shape), change);
    assertEquals(Set.of(node(0, 3), node(1, 1)), plan.renewed());
    assertEquals(List.of(new Wrap(node(0, 2), node(1, 1))), plan.wraps());
  }

  @Test
  void grownTreeGetsAKeyWhereTheSaKeyStood() {
    TreeShape shape = new TreeShape(2, 1);
    RekeyPlan plan = Lkh.plan(full(shape), MembershipChange.join(new LeafIndex(2)), shape.grown());
    assertTrue(plan.renewed().containsAll(Set.of(node(1, 0), node(1, 1), node(0, 2))));
    assertEquals(
        Set.of(new Wrap(node(0, 0), node(1, 0)), new Wrap(node(0, 1), node(1, 0))),
        Set.copyOf(plan.wraps()));
    assertEquals(List.of(node(1, 0)), plan.top());
  }

  @Test
  void refreshRenewsAPathButNotTheMembersOwnKey() {
    RekeyPlan plan = Lkh.refresh(full(new TreeShape(2, 3)), List.of(new LeafIndex(0)));
    assertEquals(Set.of(node(1, 0), node(2, 0)), plan.renewed());
    assertEquals(2 + 2 + 2, plan.wrapCount());
    assertTrue(plan.wraps().contains(new Wrap(node(0, 0), node(1, 0))));
  }

  @Test
  void nobodyMovedMeansNoWrapButTheTop() {
    RekeyPlan plan = Lkh.plan(full(new TreeShape(2, 3)), MembershipChange.none());
    assertEquals(Set.of(), plan.renewed());
    assertEquals(2, plan.wrapCount());
  }

  @Test
  void changeMustFitTheTree() {
    LeafSet members = LeafSet.of(new TreeShape(2, 2), Set.of(new LeafIndex(0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Lkh.plan(members, MembershipChange.evict(new LeafIndex(1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> Lkh.plan(members, MembershipChange.join(new LeafIndex(0))));
    assertThrows(
        IllegalArgumentException.class,
        () -> Lkh.plan(members, MembershipChange.join(new LeafIndex(4))));
    assertThrows(
        IllegalArgumentException.class, () -> Lkh.refresh(members, List.of(new LeafIndex(1))));
  }
}

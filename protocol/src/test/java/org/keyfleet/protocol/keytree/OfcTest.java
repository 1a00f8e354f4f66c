package org.keyfleet.protocol.keytree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfcTest {
  private final Map<NodeIndex, Long> ids = new HashMap<>();
  private long lastId;

  /** The figure in the javadoc of {@link Ofc}. */
  @Test
  void evictionOfTheFigure() {
    LeafSet members = full(3);
    RekeyPlan plan = evict(members, 5);
    assertEquals(
        List.of(new Derivation(node(0, 4), node(1, 2)), new Derivation(node(1, 2), node(2, 1))),
        plan.derivations());
    assertEquals(List.of(new Wrap(node(1, 3), node(2, 1))), plan.wraps());
    assertEquals(List.of(node(2, 0), node(2, 1)), plan.top());
    assertEquals(3, plan.wrapCount());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 14})
  void oneEvictionFromAFullTreeCostsExactlyItsHeight(int height) {
    LeafSet members = full(height);
    int leaves = members.shape().leaves();
    for (int leaf : new int[] {0, leaves / 3, leaves - 1}) {
      assertEquals(height == 1 ? 1 : height, evict(members, leaf).wrapCount());
    }
  }

  @Test
  void aJoinerIsWhereTheChainBegins() {
    LeafSet members = full(3);
    members.remove(new LeafIndex(5));
    RekeyPlan plan =
        Ofc.plan(members, MembershipChange.join(new LeafIndex(5)), members.shape(), ids::get);
    assertEquals(
        List.of(new Derivation(node(0, 5), node(1, 2)), new Derivation(node(1, 2), node(2, 1))),
        plan.derivations());
    assertEquals(
        List.of(new Wrap(node(1, 3), node(2, 1)), new Wrap(node(0, 4), node(1, 2))), plan.wraps());
    assertEquals(List.of(node(0, 5), node(1, 2), node(2, 1)), List.copyOf(plan.renewed()));
  }

  @Test
  void whereTwoChainsMeetOneGoesOnAndTheOtherGetsAWrap() {
    LeafSet members = full(3);
    RekeyPlan plan =
        Ofc.plan(
            members,
            MembershipChange.evict(new LeafIndex(1), new LeafIndex(3)),
            members.shape(),
            ids::get);
    assertEquals(
        List.of(
            new Derivation(node(0, 0), node(1, 0)),
            new Derivation(node(0, 2), node(1, 1)),
            new Derivation(node(1, 1), node(2, 0))),
        plan.derivations());
    assertEquals(List.of(new Wrap(node(1, 0), node(2, 0))), plan.wraps());
  }

  private RekeyPlan evict(LeafSet members, int leaf) {
    return Ofc.plan(
        members, MembershipChange.evict(new LeafIndex(leaf)), members.shape(), ids::get);
  }

  private LeafSet full(int height) {
    LeafSet members = LeafSet.empty(new TreeShape(2, height));
    for (int leaf = 0; leaf < members.shape().leaves(); leaf++) {
      members.add(new LeafIndex(leaf));
    }
    for (int level = 0; level < height; level++) {
      for (int position = 0; position < members.shape().width(level); position++) {
        ids.put(node(level, position), ++lastId);
      }
    }
    return members;
  }

  private static NodeIndex node(int level, int position) {
    return new NodeIndex(level, position);
  }
}

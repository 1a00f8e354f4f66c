package org.keyfleet.gcks.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.store.NodeRow;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeGkma;

class KeyTreeTest {
  /** Whatever happens, the tree from the store's rows is the tree in memory. */
  @Test
  void storedRowsRebuildTheTree() {
    long seed = new Random().nextLong();
    System.err.println("KeyTreeTest seed " + seed);
    Random random = new Random(seed);
    KeyTree tree = KeyTree.empty(TreeGkma.LKH, 3);
    Map<Integer, Long> stored = new HashMap<>();
    List<LeafIndex> members = new ArrayList<>();
    long nextKeyId = 0xffff_ff00L; // near the end of 32 bits
    for (int round = 0; round < 60; round++) {
      Set<LeafIndex> out = new LinkedHashSet<>();
      while (!members.isEmpty() && random.nextInt(3) == 0) {
        out.add(members.remove(random.nextInt(members.size())));
      }
      Set<LeafIndex> in = new LinkedHashSet<>(tree.freeLeaves(random.nextInt(5), out));
      MembershipChange change = new MembershipChange(out, in, random.nextBoolean());
      RekeyPlan plan = tree.plan(change);
      Map<NodeIndex, Long> fresh = new TreeMap<>();
      for (NodeIndex node : plan.renewed()) {
        fresh.put(node, nextKeyId);
        nextKeyId = nextKeyId == 0xffff_ffffL ? 1 : nextKeyId + 1;
      }
      for (NodeRow row : KeyTree.rows(plan.vacated(), fresh)) {
        if (row.keyId() == 0) {
          stored.remove(row.node());
        } else {
          stored.put(row.node(), row.keyId());
        }
      }
      tree.apply(plan, change, fresh);
      members.addAll(in);
      List<NodeRow> rows = new ArrayList<>();
      stored.forEach((node, keyId) -> rows.add(new NodeRow(node, keyId)));
      KeyTree again = KeyTree.of(TreeGkma.LKH, plan.shape(), rows);
      assertEquals(tree.members(), again.members(), "seed " + seed);
      for (LeafIndex member : members) {
        for (NodeIndex node : tree.path(member)) {
          assertEquals(tree.keyId(node), again.keyId(node), "seed " + seed + " node " + node);
        }
      }
    }
  }

  @Test
  void aNodeWithoutKeyIsABug() {
    KeyTree tree = KeyTree.empty(TreeGkma.LKH, 2);
    assertThrows(IllegalArgumentException.class, () -> tree.keyId(new NodeIndex(0, 1)));
  }

  @Test
  void evictedPlacesAreTakenFirst() {
    KeyTree tree = KeyTree.empty(TreeGkma.LKH, 2);
    assertEquals(
        List.of(new LeafIndex(3), new LeafIndex(0)), tree.freeLeaves(2, List.of(new LeafIndex(3))));
    assertEquals(5, tree.freeLeaves(5, List.of()).size());
    assertEquals(new LeafIndex(4), tree.freeLeaves(5, List.of()).get(4));
  }
}

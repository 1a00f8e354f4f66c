package org.keyfleet.protocol.keytree.histories;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.Subset;
import org.keyfleet.protocol.keytree.TreeGkma;

/** Each rule that is left out lets the adversary in: so {@link HistoriesTest} can fail. */
class MutantsTest {
  private static final int EVENTS = 5_000;

  private final long seed = Long.getLong("keyfleet.seed", System.nanoTime());

  @ParameterizedTest
  @CsvSource({"LKH, 2", "LKH, 3", "LKH, 4", "OFC, 2"})
  void plansWithoutARule(TreeGkma gkma, int degree) {
    caught("backward", gkma, degree, PlannerMutant::joinKeepsTheTop);
    caught("forward", gkma, degree, PlannerMutant::evictionKeepsTheTop);
    caught("", gkma, degree, PlannerMutant::placeIsHandedOnWithItsKey);
    caught("", gkma, degree, PlannerMutant::leafKeepsItsKey);
    caught("forward", gkma, degree, PlannerMutant::wrapForWhoLeft);
    caught("members", gkma, degree, PlannerMutant::wrapIsForgotten);
  }

  /** Members stay, so only somebody who looked into a member's keys can profit. */
  @ParameterizedTest
  @CsvSource({"LKH, 2", "LKH, 3", "LKH, 4", "OFC, 2"})
  void refreshesWithoutARule(TreeGkma gkma, int degree) {
    caught("forward", life(gkma, degree, 6, PlannerMutant::refreshKeepsTheLowestNode));
    caught("forward", life(gkma, degree, 6, PlannerMutant::refreshKeepsTheTop));
  }

  private void caught(String how, TreeGkma gkma, int degree, UnaryOperator<TreePlanner> mutation) {
    caught(how, life(gkma, degree, 0, mutation));
  }

  private Life life(TreeGkma gkma, int degree, int mostHosts, UnaryOperator<TreePlanner> mutation) {
    TreePlanner mutant = mutation.apply(TreePlanner.of(gkma));
    return new TreeLife(mutant, degree, degree == 3 ? 27 : 64, mostHosts, new Random(seed));
  }

  private void caught(String how, Life life) {
    AccessBroken broken =
        assertThrows(
            AccessBroken.class,
            () -> {
              for (int i = 0; i < EVENTS; i++) {
                life.event();
              }
            },
            () -> "not caught, seed " + seed);
    assertTrue(broken.toString().contains(how + ": "), () -> "seed " + seed + ": " + broken);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void coversThatForgetOneWhoIsOut(boolean labels) {
    caught("", stateless(labels, CoverWithoutTheLast::new));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void coversThatReachLeavesNobodyHasYet(boolean labels) {
    caught("backward", stateless(labels, CoverOfUnusedLeaves::new));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neighboursWithTheSameKeys(boolean labels) {
    caught("", stateless(labels, SharedKeys::new));
  }

  @Test
  void aLabelOfTheMembersOwnPath() {
    caught(
        "",
        new StatelessLife((tree, all) -> new OwnLabel(new LabelKeys(tree, all)), new Random(seed)));
  }

  private Life stateless(boolean labels, UnaryOperator<StatelessKeys> mutation) {
    return new StatelessLife(
        (tree, adversary) ->
            mutation.apply(labels ? new LabelKeys(tree, adversary) : new SubtreeKeys(tree)),
        new Random(seed));
  }

  private abstract static class Spoiling implements StatelessKeys {
    final StatelessKeys right;

    Spoiling(StatelessKeys right) {
      this.right = right;
    }

    @Override
    public HeapTree tree() {
      return right.tree();
    }

    @Override
    public List<Key> held(LeafIndex leaf) {
      return right.held(leaf);
    }

    @Override
    public List<Key> cover(int[] revoked) {
      return right.cover(revoked);
    }

    @Override
    public int size() {
      return right.size();
    }
  }

  private static final class CoverWithoutTheLast extends Spoiling {
    CoverWithoutTheLast(StatelessKeys right) {
      super(right);
    }

    @Override
    public List<Key> cover(int[] revoked) {
      return right.cover(Arrays.copyOf(revoked, Math.max(0, revoked.length - 1)));
    }
  }

  private static final class CoverOfUnusedLeaves extends Spoiling {
    private int firstUnused;

    CoverOfUnusedLeaves(StatelessKeys right) {
      super(right);
    }

    @Override
    public List<Key> held(LeafIndex leaf) {
      firstUnused = Math.max(firstUnused, leaf.position() + 1);
      return right.held(leaf);
    }

    @Override
    public List<Key> cover(int[] revoked) {
      return right.cover(Arrays.stream(revoked).filter(leaf -> leaf < firstUnused).toArray());
    }
  }

  private static final class SharedKeys extends Spoiling {
    SharedKeys(StatelessKeys right) {
      super(right);
    }

    @Override
    public List<Key> held(LeafIndex leaf) {
      return right.held(new LeafIndex(leaf.position() & ~1));
    }
  }

  private static final class OwnLabel extends Spoiling {
    private final LabelKeys labels;

    OwnLabel(LabelKeys right) {
      super(right);
      this.labels = right;
    }

    @Override
    public List<Key> held(LeafIndex leaf) {
      List<Key> held = new ArrayList<>(labels.held(leaf));
      held.add(labels.label(new Subset(HeapTree.ROOT, tree().node(leaf))));
      return held;
    }
  }
}

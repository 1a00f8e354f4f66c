package org.keyfleet.protocol.keytree.histories;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.keytree.Wrap;

/** A right planner whose plans are spoilt by one rule left out. */
abstract class PlannerMutant implements TreePlanner {
  private final TreePlanner right;

  PlannerMutant(TreePlanner right) {
    this.right = right;
  }

  RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
    return plan;
  }

  RekeyPlan spoilRefresh(RekeyPlan plan) {
    return plan;
  }

  @Override
  public final RekeyPlan plan(
      LeafSet before, MembershipChange change, TreeShape shape, ToLongFunction<NodeIndex> keyIds) {
    return spoil(right.plan(before, change, shape, keyIds), before, change);
  }

  @Override
  public final RekeyPlan refresh(
      LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds) {
    return spoilRefresh(right.refresh(members, leaves, keyIds));
  }

  /** A joiner is given the top node's key of old. */
  static PlannerMutant joinKeepsTheTop(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
        boolean spoilt = change.evicted().isEmpty() && !change.joined().isEmpty();
        return spoilt ? keeping(plan, node -> oldTop(plan, before, node)) : plan;
      }
    };
  }

  static PlannerMutant evictionKeepsTheTop(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
        boolean spoilt = change.joined().isEmpty() && !change.evicted().isEmpty();
        return spoilt ? keeping(plan, node -> oldTop(plan, before, node)) : plan;
      }
    };
  }

  /** Who takes the place of another in one batch gets that one's own key. */
  static PlannerMutant placeIsHandedOnWithItsKey(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
        Set<LeafIndex> both = new HashSet<>(change.evicted());
        both.retainAll(change.joined());
        return keeping(plan, node -> both.stream().anyMatch(leaf -> leaf.node().equals(node)));
      }
    };
  }

  /** A free leaf keeps the key of who left, and the next one there gets it. */
  static PlannerMutant leafKeepsItsKey(TreePlanner right) {
    Set<NodeIndex> kept = new HashSet<>();
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
        Set<NodeIndex> vacated = new HashSet<>(plan.vacated());
        plan.vacated().stream().filter(NodeIndex::isLeaf).forEach(kept::add);
        vacated.removeAll(kept);
        return keeping(withVacated(plan, vacated), kept::contains);
      }
    };
  }

  /** Who left goes on getting the keys above him. */
  static PlannerMutant wrapForWhoLeft(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
        Set<NodeIndex> vacated = new HashSet<>(plan.vacated());
        List<Wrap> wraps = new ArrayList<>(plan.wraps());
        for (NodeIndex node : plan.vacated()) {
          if (node.isLeaf()
              && !plan.shape().isTop(node)
              && plan.renewed().contains(plan.shape().parent(node))) {
            vacated.remove(node);
            wraps.add(new Wrap(node, plan.shape().parent(node)));
          }
        }
        return withVacated(withWraps(plan, wraps), vacated);
      }
    };
  }

  static PlannerMutant wrapIsForgotten(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoil(RekeyPlan plan, LeafSet before, MembershipChange change) {
        List<Wrap> wraps = plan.wraps();
        return wraps.isEmpty() ? plan : withWraps(plan, wraps.subList(1, wraps.size()));
      }
    };
  }

  static PlannerMutant refreshKeepsTheLowestNode(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoilRefresh(RekeyPlan plan) {
        return keeping(plan, node -> node.level() == 1);
      }
    };
  }

  static PlannerMutant refreshKeepsTheTop(TreePlanner right) {
    return new PlannerMutant(right) {
      @Override
      RekeyPlan spoilRefresh(RekeyPlan plan) {
        return keeping(plan, plan.shape()::isTop);
      }
    };
  }

  private static boolean oldTop(RekeyPlan plan, LeafSet before, NodeIndex node) {
    return !node.isLeaf()
        && plan.shape().isTop(node)
        && before.shape().contains(node)
        && before.anyBelow(node);
  }

  /** The nodes keep the keys they have. */
  private static RekeyPlan keeping(RekeyPlan plan, Predicate<NodeIndex> kept) {
    Set<NodeIndex> renewed = new LinkedHashSet<>(plan.renewed());
    renewed.removeIf(kept);
    return new RekeyPlan(
        plan.shape(),
        renewed,
        plan.vacated(),
        plan.derivations().stream().filter(one -> !kept.test(one.parent())).toList(),
        plan.wraps().stream().filter(one -> !kept.test(one.parent())).toList(),
        plan.top());
  }

  private static RekeyPlan withVacated(RekeyPlan plan, Set<NodeIndex> vacated) {
    return new RekeyPlan(
        plan.shape(), plan.renewed(), vacated, plan.derivations(), plan.wraps(), plan.top());
  }

  private static RekeyPlan withWraps(RekeyPlan plan, List<Wrap> wraps) {
    return new RekeyPlan(
        plan.shape(), plan.renewed(), plan.vacated(), plan.derivations(), wraps, plan.top());
  }
}

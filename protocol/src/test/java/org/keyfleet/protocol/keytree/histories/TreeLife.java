package org.keyfleet.protocol.keytree.histories;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeShape;

/**
 * The life of a group with a key tree: single joins and evictions, batches, leaves handed on within
 * a batch, refreshes of paths in rotation, rekeys without a change, everybody out at once; a tree
 * that grows; and every now and then somebody who looks into a member's keys.
 */
final class TreeLife implements Life {
  private final TreePlanner planner;
  private final int mostLeaves;
  private final int mostHosts;
  private final Random random;
  private final TreeGroup group;
  private int wanted;
  private int rotation;
  private Tally tally = Tally.NOTHING;

  /**
   * @param mostLeaves where the tree stops growing, 64 at most
   * @param mostHosts transient hosts at a time
   */
  TreeLife(TreePlanner planner, int degree, int mostLeaves, int mostHosts, Random random) {
    if (mostLeaves > Long.SIZE) {
      throw new IllegalArgumentException(mostLeaves + " leaves");
    }
    this.planner = planner;
    this.mostLeaves = mostLeaves;
    this.mostHosts = mostHosts;
    this.random = random;
    this.group = new TreeGroup(new TreeShape(degree, 1));
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void event() {
    if (random.nextInt(100) == 0) {
      wanted = random.nextInt(mostLeaves + 1);
    }
    List<LeafIndex> present = group.members().leaves();
    if (!present.isEmpty() && random.nextInt(3) == 0 && group.hosts() < mostHosts) {
      LeafIndex leaf = present.get(random.nextInt(present.size()));
      int level = random.nextInt(group.members().shape().height() + 1);
      group.expose(leaf, level, random.nextBoolean());
    }
    if (!present.isEmpty() && random.nextInt(5) == 0) {
      refresh(next(present, 1 + random.nextInt(3)));
    } else {
      change(present);
    }
  }

  private void refresh(List<LeafIndex> leaves) {
    RekeyPlan plan = planner.refresh(group.members(), leaves, group::keyId);
    apply(plan, MembershipChange.none(), leaves);
  }

  private void change(List<LeafIndex> present) {
    Set<LeafIndex> evicted = new HashSet<>();
    int joining = 0;
    int moves = random.nextInt(3) == 0 ? random.nextInt(7) : 1;
    for (int i = 0; i < moves; i++) {
      int size = present.size() - evicted.size() + joining;
      if (present.isEmpty() || random.nextInt(4) < (size < wanted ? 3 : 1)) {
        joining++;
      } else {
        evicted.add(present.get(random.nextInt(present.size())));
      }
    }
    if (random.nextInt(300) == 0) {
      evicted.addAll(present);
    }
    TreeShape shape = group.members().shape();
    while (shape.leaves() - present.size() + evicted.size() < joining
        && shape.grown().leaves() <= mostLeaves) {
      shape = shape.grown();
    }
    MembershipChange change = new MembershipChange(evicted, places(joining, evicted, shape), true);
    apply(planner.plan(group.members(), change, shape, group::keyId), change, List.of());
  }

  /** Leaves for joiners, some of them just freed; fewer when the tree is full. */
  private Set<LeafIndex> places(int joining, Set<LeafIndex> evicted, TreeShape shape) {
    LeafSet taken = group.members().resized(shape);
    evicted.forEach(taken::remove);
    List<LeafIndex> freed = new ArrayList<>(evicted);
    Set<LeafIndex> places = new HashSet<>();
    for (int i = 0; i < joining; i++) {
      OptionalInt free = taken.firstFree(random.nextInt(shape.leaves()));
      if (!freed.isEmpty() && random.nextBoolean()) {
        places.add(freed.remove(0));
      } else if (free.isPresent()) {
        places.add(new LeafIndex(free.getAsInt()));
      }
      places.forEach(taken::add);
      freed.removeAll(places);
    }
    return places;
  }

  /** The members whose turn it is, as a key server takes them. */
  private List<LeafIndex> next(List<LeafIndex> present, int count) {
    List<LeafIndex> next = new ArrayList<>();
    for (int i = 0; i < Math.min(count, present.size()); i++) {
      next.add(present.get((rotation + i) % present.size()));
    }
    rotation = (rotation + count) % mostLeaves;
    return next;
  }

  private void apply(RekeyPlan plan, MembershipChange change, List<LeafIndex> refreshed) {
    long keys = group.keys();
    int healed = group.apply(plan, change, refreshed);
    tally =
        tally.plus(
            change.joined().size(),
            change.evicted().size(),
            refreshed.size(),
            healed,
            (int) (group.keys() - keys),
            group.members().size());
  }
}

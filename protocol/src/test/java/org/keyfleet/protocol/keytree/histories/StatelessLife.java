package org.keyfleet.protocol.keytree.histories;

import java.util.BitSet;
import java.util.Random;
import java.util.function.BiFunction;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;

/**
 * The life of a group with a stateless method. Leaves that nobody has yet count as revoked, or a
 * joiner could read what was before him; a leaf is never given twice. When all leaves are used up
 * and everybody is gone, the group begins anew with other keys. There is no healing here: who has
 * seen a member's keys has them until that member is revoked, and what he can do then is part of
 * what the revoked can.
 */
final class StatelessLife implements Life {
  private static final int MOST_HEIGHT = 6;

  private final BiFunction<HeapTree, Adversary, StatelessKeys> method;
  private final Random random;
  private Adversary adversary = new Adversary();
  private StatelessKeys keys;
  private final BitSet present = new BitSet();
  private int firstUnused;
  private int epoch;
  private Tally tally = Tally.NOTHING;

  StatelessLife(BiFunction<HeapTree, Adversary, StatelessKeys> method, Random random) {
    this.method = method;
    this.random = random;
    this.keys = method.apply(new HeapTree(1), adversary);
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void event() {
    int newKeys = 1;
    if (present.isEmpty() && firstUnused == keys.tree().leaves()) {
      adversary = new Adversary();
      keys = method.apply(new HeapTree(1 + random.nextInt(MOST_HEIGHT)), adversary);
      firstUnused = 0;
      newKeys += keys.size();
    }
    epoch++;
    int moves = random.nextInt(3) == 0 ? random.nextInt(7) : 1;
    BitSet joiners = new BitSet();
    int leaving = 0;
    for (int i = 0; i < moves; i++) {
      if (random.nextBoolean() && firstUnused < keys.tree().leaves()) {
        joiners.set(firstUnused++);
      } else if (!present.isEmpty()) {
        evict(random.nextInt(keys.tree().leaves()));
        leaving++;
      }
    }
    joiners.stream().forEach(this::admit);
    rekey();
    tally = tally.plus(joiners.cardinality(), leaving, 0, 0, newKeys, present.cardinality());
  }

  private void admit(int leaf) {
    present.set(leaf);
    keys.held(new LeafIndex(leaf))
        .forEach(key -> adversary.learn(key, Knowers.member(leaf, epoch)));
  }

  /** Takes out the first member at or behind {@code from}, or the first of all. */
  private void evict(int from) {
    int found = present.nextSetBit(from);
    int leaf = found < 0 ? present.nextSetBit(0) : found;
    present.clear(leaf);
    keys.held(new LeafIndex(leaf)).forEach(key -> adversary.learn(key, Knowers.shutOut(epoch)));
  }

  private void rekey() {
    BitSet revoked = (BitSet) present.clone();
    revoked.flip(0, keys.tree().leaves());
    Key groupKey = Key.ofGroup(epoch, epoch);
    keys.cover(revoked.stream().toArray()).forEach(key -> adversary.opens(key, groupKey));
    long members = present.isEmpty() ? 0 : present.toLongArray()[0];
    if (groupKey.knowers.leaves() != members) {
      throw new AccessBroken(
          String.format(
              "members: the key of epoch %d is for %x, and %x open it",
              epoch, members, groupKey.knowers.leaves()));
    }
  }
}

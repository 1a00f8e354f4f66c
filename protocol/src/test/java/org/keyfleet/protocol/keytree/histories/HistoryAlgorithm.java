package org.keyfleet.protocol.keytree.histories;

import java.util.Random;
import org.keyfleet.protocol.keytree.TreeGkma;

/** The group key management algorithms that histories are played with; trees with their degree. */
public enum HistoryAlgorithm {
  LKH_2,
  LKH_3,
  LKH_4,
  OFC_2,
  CS,
  SD;

  private static final int MOST_HOSTS = 6;

  /**
   * Plays one history.
   *
   * @throws AccessBroken when somebody reaches a group key that is not for him, with the event
   */
  public Tally play(long events, long seed) {
    Life life = life(new Random(seed));
    for (long i = 0; i < events; i++) {
      life.event();
    }
    return life.tally();
  }

  private Life life(Random random) {
    return switch (this) {
      case LKH_2 -> tree(TreeGkma.LKH, 2, 64, random);
      case LKH_3 -> tree(TreeGkma.LKH, 3, 27, random);
      case LKH_4 -> tree(TreeGkma.LKH, 4, 64, random);
      case OFC_2 -> tree(TreeGkma.OFC, 2, 64, random);
      case CS -> new StatelessLife((tree, adversary) -> new SubtreeKeys(tree), random);
      case SD -> new StatelessLife(LabelKeys::new, random);
    };
  }

  private static Life tree(TreeGkma gkma, int degree, int mostLeaves, Random random) {
    return new TreeLife(TreePlanner.of(gkma), degree, mostLeaves, MOST_HOSTS, random);
  }
}

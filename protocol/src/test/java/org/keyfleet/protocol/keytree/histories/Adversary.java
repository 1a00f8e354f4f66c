package org.keyfleet.protocol.keytree.histories;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Everybody who ever was or was not in the group, all at once: they heard every rekey message,
 * forget nothing, and whoever has a key has what is wrapped under it or computed from it. What they
 * reach is kept closed with each message, so that nothing is worked out twice, and each group key
 * is judged whenever somebody else comes to know it, also long after its time:
 *
 * <ul>
 *   <li>backward access control: nobody who joined later knows it;
 *   <li>forward access control: nobody who was shut out by then knows it, whoever he works with.
 * </ul>
 */
final class Adversary {
  private final Deque<Key> news = new ArrayDeque<>();

  /** A wrap or a derivation that all have seen. */
  void opens(Key from, Key to) {
    from.opens.add(to);
    learn(to, from.knowers);
  }

  void learn(Key key, Knowers who) {
    tell(key, who);
    while (!news.isEmpty()) {
      Key told = news.remove();
      for (Key opened : told.opens) {
        tell(opened, told.knowers);
      }
    }
  }

  private void tell(Key key, Knowers who) {
    Knowers all = key.knowers.and(who);
    if (all.equals(key.knowers)) {
      return;
    }
    key.knowers = all;
    if (key.isGroupKey()) {
      judge(key.epoch, all);
    }
    news.add(key);
  }

  private static void judge(int epoch, Knowers all) {
    if (all.lastJoined() > epoch) {
      throw new AccessBroken(
          "backward: who joined in epoch " + all.lastJoined() + " opens the key of " + epoch);
    }
    if (all.firstLeft() <= epoch) {
      throw new AccessBroken(
          "forward: who was shut out in epoch " + all.firstLeft() + " opens the key of " + epoch);
    }
  }
}

package org.keyfleet.protocol.keytree.histories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdversaryTest {
  private final long seed = Long.getLong("keyfleet.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** Arrows and knowledge in any order; then everything from the beginning, without cleverness. */
  @Test
  void whatIsKeptClosedIsWhatOneFindsFromTheBeginning() {
    for (int run = 0; run < 300; run++) {
      Adversary adversary = new Adversary();
      List<Key> keys = new ArrayList<>();
      List<List<Key>> arrows = new ArrayList<>();
      List<List<Knowers>> told = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        keys.add(Key.kek(i));
        arrows.add(new ArrayList<>());
        told.add(new ArrayList<>());
      }
      for (int i = 0; i < 60; i++) {
        Key from = keys.get(random.nextInt(keys.size()));
        Key to = keys.get(random.nextInt(keys.size()));
        if (random.nextBoolean()) {
          arrows.get((int) from.id).add(to);
          adversary.opens(from, to);
        } else {
          Knowers who =
              random.nextBoolean()
                  ? Knowers.member(random.nextInt(64), random.nextInt(100))
                  : Knowers.shutOut(random.nextInt(100));
          told.get((int) from.id).add(who);
          adversary.learn(from, who);
        }
      }
      for (Key key : keys) {
        Knowers all = Knowers.NOBODY;
        for (Key source : keys) {
          if (reachable(source, arrows).contains(key)) {
            for (Knowers who : told.get((int) source.id)) {
              all = all.and(who);
            }
          }
        }
        assertEquals(all, key.knowers, () -> "seed " + seed);
      }
    }
  }

  @Test
  void whoJoinedLaterIsCaughtAlsoLongAfter() {
    Adversary adversary = new Adversary();
    Key kek = Key.kek(1);
    adversary.opens(kek, Key.ofGroup(2, 5));
    adversary.learn(kek, Knowers.member(0, 5));
    AccessBroken broken =
        assertThrows(AccessBroken.class, () -> adversary.learn(kek, Knowers.member(1, 6)));
    assertTrue(broken.toString().contains("backward: "));
  }

  @Test
  void whoIsOutIsCaughtByAWrapOfLaterTimes() {
    Adversary adversary = new Adversary();
    Key old = Key.kek(1);
    adversary.opens(old, Key.ofGroup(2, 4));
    adversary.learn(old, Knowers.shutOut(5));
    Key between = Key.kek(3);
    adversary.opens(between, Key.ofGroup(4, 5));
    AccessBroken broken = assertThrows(AccessBroken.class, () -> adversary.opens(old, between));
    assertTrue(broken.toString().contains("forward: "));
  }

  private static Set<Key> reachable(Key from, List<List<Key>> arrows) {
    Set<Key> found = new HashSet<>();
    visit(from, arrows, found);
    return found;
  }

  private static void visit(Key key, List<List<Key>> arrows, Set<Key> found) {
    if (found.add(key)) {
      arrows.get((int) key.id).forEach(next -> visit(next, arrows, found));
    }
  }
}

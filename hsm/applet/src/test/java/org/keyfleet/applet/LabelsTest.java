package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.applet.Wire.assertStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.applet.testkit.SimulatedCard;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.Subset;
import org.keyfleet.protocol.keytree.SubsetLabels;
import org.keyfleet.protocol.keytree.SubsetRank;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** Labels of subset difference: the card against an implementation that shares nothing with it. */
class LabelsTest {
  private static final Bytes ISSUER = Wire.key(32, 9);
  private static final Bytes SECRET = Wire.key(40, 4);

  private final long seed = Long.getLong("keyfleet.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Wire wire = Wire.ready();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void memberHasTheKeysOfItsSubsetsAndOfNoOther(int height) {
    SlowSubsetKeys slow = new SlowSubsetKeys(height);
    for (int leaf = 0; leaf < 1 << height; leaf++) {
      load(height, leaf, Role.RELEASER, slow.labels(leaf));
      long rank = 1;
      assertEquals(SECRET, opened(rank, slow.key(rank)));
      // the order of the ranks, by counting
      for (int depth = 0; depth < height; depth++) {
        for (int i = 1 << depth; i < 2 << depth; i++) {
          for (int below = depth + 1; below <= height; below++) {
            int width = 1 << (below - depth);
            for (int j = i * width; j < (i + 1) * width; j++) {
              rank++;
              if (SlowSubsetKeys.isBelow(slow.node(leaf), i)
                  && !SlowSubsetKeys.isBelow(slow.node(leaf), j)) {
                assertEquals(SECRET, opened(rank, slow.key(i, j)), "S(" + i + ", " + j + ")");
              } else {
                assertStatus(Sw.NO_KEY, subsetKey(rank, Role.RELEASER));
              }
            }
          }
        }
      }
      assertEquals(SubsetRank.largest(new HeapTree(height)), rank);
      for (long none : new long[] {0, rank + 1, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL}) {
        assertStatus(Sw.NO_KEY, subsetKey(none, Role.RELEASER));
      }
    }
  }

  @Test
  void highestTreeIsWalkedToItsEnd() {
    int height = Labels.MAX_HEIGHT;
    HeapTree tree = new HeapTree(height);
    SlowSubsetKeys slow = new SlowSubsetKeys(height);
    for (int leaf : new int[] {0, tree.leaves() - 1, random.nextInt(tree.leaves())}) {
      List<Bytes> labels = slow.labels(leaf);
      assertEquals(Labels.MAX_COUNT, labels.size());
      load(height, leaf, Role.RELEASER, labels);
      assertEquals(SECRET, opened(1, slow.key(1)));
      for (int run = 0; run < 60; run++) {
        int i = random.nextInt(1, 2 * tree.leaves() - 1);
        if (run % 2 == 0) {
          i = tree.node(new LeafIndex(leaf)) >>> random.nextInt(1, height + 1);
        }
        if (tree.isLeaf(i)) {
          continue;
        }
        // a node below i, the deepest ones among them
        int steps = run % 3 == 0 ? height - HeapTree.depth(i) : 1;
        int j = (i << steps) | random.nextInt(1 << steps);
        Subset subset = new Subset(i, j);
        long rank = SubsetRank.of(tree, subset);
        if (subset.contains(tree, new LeafIndex(leaf))) {
          assertEquals(SECRET, opened(rank, slow.key(i, j)), () -> subset + " seed " + seed);
        } else {
          assertStatus(Sw.NO_KEY, subsetKey(rank, Role.RELEASER));
        }
      }
      long largest = SubsetRank.largest(tree);
      assertStatus(
          leaf == tree.leaves() - 2 ? Wire.OK : Sw.NO_KEY, subsetKey(largest, Role.RELEASER));
    }
  }

  /** The order in which labels are stored is that of SubsetLabels.held. */
  @Test
  void labelsStandInTheOrderOfTheKeyServers() {
    HeapTree tree = new HeapTree(5);
    SlowSubsetKeys slow = new SlowSubsetKeys(5);
    List<Bytes> expected = new ArrayList<>();
    for (Subset held : SubsetLabels.held(tree, new LeafIndex(19))) {
      expected.add(held.j() == 0 ? slow.root(0) : slow.label(held.i(), held.j()));
    }
    assertEquals(expected, slow.labels(19));
  }

  @Test
  void labelsOfParentsReleaseNothing() {
    SlowSubsetKeys slow = new SlowSubsetKeys(3);
    load(3, 5, Role.KEK_PARENT, slow.labels(5));
    assertStatus(Sw.POLICY, subsetKey(1, Role.RELEASER));
    assertStatus(Sw.POLICY, subsetKey(1, Role.MAC));
    assertStatus(Wire.OK, subsetKey(1, Role.KEK_PARENT));
    assertStatus(Sw.EXISTS, subsetKey(1, Role.KEK_PARENT));
    Bytes wrapped = Wire.wrap(slow.key(1), SECRET);
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.RELEASE, Wire.SESSION, 0, wrapped));
    Bytes key = Wire.wrap(slow.key(1), Wire.key(32, 5));
    Bytes unwrap = Bytes.concat(Bytes.of(Wire.SESSION, 0), key);
    wire.ok(0x80, Ins.UNWRAP, 0x21, Role.RELEASER, unwrap);
    assertEquals(SECRET, wire.ok(0x80, Ins.RELEASE, 0x21, 0, Wire.wrap(Wire.key(32, 5), SECRET)));
    assertStatus(Sw.WRONG_P1P2, status(Ins.SUBSET_KEY, 0x01, Role.KEK_PARENT, rank(1)));
    assertStatus(Sw.WRONG_LENGTH, status(Ins.SUBSET_KEY, 0x22, Role.KEK_PARENT, Bytes.of(1)));
  }

  @Test
  void labelsThatAreNotWholeGiveNoKey() {
    List<Bytes> labels = new SlowSubsetKeys(3).labels(2);
    assertStatus(Sw.NO_KEY, subsetKey(1, Role.RELEASER));
    assertStatus(Wire.OK, begin(3, 2, Role.RELEASER));
    for (int i = 0; i < labels.size(); i++) {
      assertStatus(Sw.NO_KEY, subsetKey(1, Role.RELEASER));
      assertStatus(Sw.BAD_DATA, append(i + 1, labels.get(i)));
      assertStatus(Wire.OK, append(i, labels.get(i)));
    }
    assertStatus(Sw.BAD_DATA, append(labels.size(), labels.get(0)));
    assertStatus(Wire.OK, subsetKey(1, Role.RELEASER));
    wire.reset();
    wire.verify();
    assertStatus(Wire.OK, subsetKey(1, Role.RELEASER));
    assertEquals(
        Bytes.of(3, Role.RELEASER, 0, 0, 0, 2, 0, 7),
        wire.ok(0x80, Ins.DESCRIBE_LABELS, 0, 0, Bytes.EMPTY));
    assertStatus(Wire.OK, begin(3, 2, Role.RELEASER));
    wire.ok(0x80, Ins.DESTROY, Wire.SESSION, 0, Bytes.EMPTY);
    assertStatus(Sw.NO_KEY, subsetKey(1, Role.RELEASER));
  }

  @Test
  void membersOutsideTheTreeAreRefused() {
    assertStatus(Sw.BAD_DATA, begin(0, 0, Role.RELEASER));
    assertStatus(Sw.BAD_DATA, begin(27, 0, Role.RELEASER));
    assertStatus(Sw.BAD_DATA, begin(3, 8, Role.RELEASER));
    assertStatus(Sw.BAD_DATA, begin(26, 1L << 26, Role.RELEASER));
    assertStatus(Sw.BAD_DATA, begin(3, 0x80000000L, Role.RELEASER));
    assertStatus(Sw.WRONG_P1P2, begin(3, 1, Role.MAC));
    assertStatus(Wire.OK, begin(26, (1L << 26) - 1, Role.KEK_PARENT));
    assertStatus(Sw.WRONG_LENGTH, append(0, Wire.key(31, 1)));
    assertStatus(Sw.WRONG_LENGTH, append(0, Bytes.EMPTY));
  }

  @Test
  void aWipeTakesTheLabels() {
    load(2, 1, Role.RELEASER, new SlowSubsetKeys(2).labels(1));
    wire.ok(0x80, Ins.WIPE, 0, 0, Wire.PUK);
    wire.ok(0x80, Ins.INITIALIZE, 0, 0, Wire.lengthAnd(Wire.PIN, Wire.PUK));
    wire.verify();
    assertStatus(Sw.NO_KEY, subsetKey(1, Role.RELEASER));
  }

  @Test
  void sealedCardTakesLabelsOfItsIssuer() {
    Wire issued = new Wire(SimulatedCard.ofIssuer(ISSUER.toArray()));
    issued.ok(0x80, Ins.PERSONALIZE, 0, 0, message(1, 1, Wire.lengthAnd(Wire.PIN, Wire.PUK)));
    issued.ok(0x80, Ins.PERSONALIZE, 0, 0, message(2, 3, Bytes.EMPTY));
    issued.verify();
    SlowSubsetKeys slow = new SlowSubsetKeys(3);
    Bytes header = header(3, 6, Role.RELEASER);
    assertStatus(Sw.POLICY, issued.status(0x80, Ins.PUT_LABELS, 0, 0, header));
    issued.ok(0x80, Ins.PERSONALIZE, 0, 0, message(3, 7, header));
    Bytes all = Bytes.concat(slow.labels(6).toArray(new Bytes[0]));
    issued.ok(0x80, Ins.PERSONALIZE, 0, 0, message(4, 8, Bytes.concat(Bytes.of(0, 0), all)));
    issued.ok(0x80, Ins.SUBSET_KEY, Wire.SESSION, Role.RELEASER, rank(1));
    Bytes wrapped = Wire.wrap(slow.key(1), SECRET);
    assertEquals(SECRET, issued.ok(0x80, Ins.RELEASE, Wire.SESSION, 0, wrapped));
  }

  /** Keys that labels give are checked like any other before they release. */
  @Test
  void demandHoldsForKeysOfSubsets() {
    SlowSubsetKeys slow = new SlowSubsetKeys(2);
    load(2, 3, Role.RELEASER, slow.labels(3));
    wire.ok(0x80, Ins.DEMAND, 1, 0, Bytes.EMPTY);
    assertStatus(Wire.OK, subsetKey(1, Role.RELEASER));
    Bytes wrapped = Wire.wrap(slow.key(1), SECRET);
    assertStatus(Sw.NOT_ADMITTED, wire.status(0x80, Ins.RELEASE, Wire.SESSION, 0, wrapped));
  }

  private static Bytes message(int number, int operation, Bytes rest) {
    return Wire.wrap(ISSUER, Bytes.concat(Bytes.of(0, 0, 0, number, operation), rest));
  }

  private Bytes opened(long rank, Bytes key) {
    assertStatus(Wire.OK, subsetKey(rank, Role.RELEASER));
    Bytes secret = wire.ok(0x80, Ins.RELEASE, Wire.SESSION, 0, Wire.wrap(key, SECRET));
    wire.ok(0x80, Ins.DESTROY, Wire.SESSION, 0, Bytes.EMPTY);
    return secret;
  }

  private int subsetKey(long rank, int role) {
    return status(Ins.SUBSET_KEY, Wire.SESSION, role, rank(rank));
  }

  private static Bytes rank(long rank) {
    return new ByteWriter().u32(rank).toBytes();
  }

  private int status(int ins, int p1, int p2, Bytes data) {
    return wire.status(0x80, ins, p1, p2, data);
  }

  private void load(int height, int leaf, int role, List<Bytes> labels) {
    assertStatus(Wire.OK, begin(height, leaf, role));
    for (int at = 0; at < labels.size(); at += 7) {
      List<Bytes> some = labels.subList(at, Math.min(at + 7, labels.size()));
      assertTrue(!some.isEmpty());
      assertStatus(Wire.OK, append(at, Bytes.concat(some.toArray(new Bytes[0]))));
    }
  }

  private int begin(int height, long leaf, int role) {
    return status(Ins.PUT_LABELS, 0, 0, header(height, leaf, role));
  }

  private static Bytes header(int height, long leaf, int role) {
    return new ByteWriter().u8(height).u8(role).u32(leaf).toBytes();
  }

  private int append(int from, Bytes labels) {
    return status(Ins.PUT_LABELS, 1, 0, new ByteWriter().u16(from).bytes(labels).toBytes());
  }
}

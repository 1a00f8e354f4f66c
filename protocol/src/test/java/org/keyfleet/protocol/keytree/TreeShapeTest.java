package org.keyfleet.protocol.keytree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeShapeTest {
  private static final TreeShape BINARY_3 = new TreeShape(2, 3);

  @ParameterizedTest
  @CsvSource({
    "2, 1, 1",
    "2, 2, 1",
    "2, 3, 2",
    "2, 8, 3",
    "2, 9, 4",
    "4, 16, 2",
    "4, 17, 3",
    "3, 27, 3",
    "4, 1000000, 10",
    "16, 1000000, 5",
    "64, 16777216, 4"
  })
  void lowestTreeThatHolds(int degree, int members, int height) {
    assertEquals(new TreeShape(degree, height), TreeShape.holding(degree, members));
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "65, 2", "0, 1", "2, 0", "2, 25", "64, 5", "3, 16"})
  void shapeOutsideTheLimits(int degree, int height) {
    assertThrows(IllegalArgumentException.class, () -> new TreeShape(degree, height));
  }

  @Test
  void widthsOfTheDrawnTree() {
    assertEquals(8, BINARY_3.leaves());
    assertEquals(4, BINARY_3.width(1));
    assertEquals(2, BINARY_3.width(2));
    assertThrows(IllegalArgumentException.class, () -> BINARY_3.width(3));
  }

  @Test
  void parentsAndChildrenAgreeForEveryNode() {
    for (int degree : new int[] {2, 3, 4, 7}) {
      TreeShape shape = new TreeShape(degree, 3);
      for (int level = 0; level < 2; level++) {
        for (int p = 0; p < shape.width(level); p++) {
          NodeIndex node = new NodeIndex(level, p);
          assertTrue(shape.children(shape.parent(node)).contains(node), node.toString());
        }
      }
    }
  }

  @Test
  void pathsOfTheDrawnTree() {
    assertEquals(
        List.of(new NodeIndex(0, 5), new NodeIndex(1, 2), new NodeIndex(2, 1)),
        BINARY_3.path(new LeafIndex(5)));
    assertEquals(List.of(new NodeIndex(2, 0), new NodeIndex(2, 1)), BINARY_3.top());
    assertThrows(IllegalArgumentException.class, () -> BINARY_3.path(new LeafIndex(8)));
    assertThrows(IllegalArgumentException.class, () -> BINARY_3.parent(new NodeIndex(2, 1)));
    assertEquals(List.of(), BINARY_3.children(new NodeIndex(0, 1)));
  }

  @Test
  void growthKeepsEveryIndex() {
    List<NodeIndex> before = BINARY_3.path(new LeafIndex(5));
    List<NodeIndex> after = BINARY_3.grown().path(new LeafIndex(5));
    assertEquals(before, after.subList(0, 3));
    assertEquals(new NodeIndex(3, 0), after.get(3));
  }

  @Test
  void leafSetKnowsWhoIsBelow() {
    LeafSet set = LeafSet.of(BINARY_3, Set.of(new LeafIndex(4), new LeafIndex(5)));
    assertTrue(set.anyBelow(new NodeIndex(2, 1)));
    assertFalse(set.anyBelow(new NodeIndex(1, 3)));
    set.remove(new LeafIndex(5));
    assertTrue(set.anyBelow(new NodeIndex(1, 2)));
    set.remove(new LeafIndex(4));
    assertFalse(set.anyBelow(new NodeIndex(1, 2)));
    assertFalse(set.anyBelow(new NodeIndex(2, 1)));
    assertEquals(0, set.size());
  }

  @Test
  void firstFreeLeaf() {
    TreeShape shape = new TreeShape(2, 1);
    LeafSet set = LeafSet.of(shape, Set.of(new LeafIndex(0)));
    assertEquals(OptionalInt.of(1), set.firstFree(0));
    set.add(new LeafIndex(1));
    assertEquals(OptionalInt.empty(), set.firstFree(0));
    LeafSet grown = set.resized(shape.grown());
    assertEquals(OptionalInt.of(2), grown.firstFree(0));
    assertTrue(grown.anyBelow(new NodeIndex(1, 0)));
    assertFalse(grown.anyBelow(new NodeIndex(1, 1)));
    assertEquals(2, set.copy().leaves().size());
  }
}

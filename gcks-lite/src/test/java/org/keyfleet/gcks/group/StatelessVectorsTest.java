package org.keyfleet.gcks.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.SubsetKeys;
import org.keyfleet.protocol.keytree.CompleteSubtree;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.Marks;
import org.keyfleet.protocol.keytree.Subset;
import org.keyfleet.protocol.keytree.SubsetDifference;
import org.keyfleet.protocol.keytree.SubsetLabels;
import org.keyfleet.protocol.keytree.SubsetRank;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.testkit.DocsVectors;

/** docs/vectors/cs.json, sd.json and marks.json: covers, labels, keys and wraps. */
class StatelessVectorsTest {
  private static final Subset ALL = Subset.ALL;

  @Test
  void completeSubtree() throws Exception {
    JsonObject file = file("cs.json");
    HeapTree tree = new HeapTree(file.getInt("height"));
    for (Object each : file.getArray("events")) {
      JsonObject event = (JsonObject) each;
      JsonArray expected = event.getArray("cover");
      List<Integer> cover =
          CompleteSubtree.cover(tree, ints(event.getArray("revoked"))).stream().sorted().toList();
      assertEquals(expected.size(), cover.size());
      for (int i = 0; i < cover.size(); i++) {
        JsonObject one = expected.getObject(i);
        assertEquals(one.getInt("node"), cover.get(i));
        assertEquals(hex(one, "wrapped"), wrap(hex(one, "key"), hex(event, "groupKey")));
      }
    }
    assertEquals(17, file.getArray("events").size());
  }

  @Test
  void subsetDifference() throws Exception {
    JsonObject file = file("sd.json");
    HeapTree tree = new HeapTree(file.getInt("height"));
    List<Map<Subset, Bytes>> held = held(tree, file);
    assertEquals(17, file.getArray("events").size());
    for (Object each : file.getArray("events")) {
      JsonObject event = (JsonObject) each;
      JsonArray expected = event.getArray("cover");
      List<Subset> cover =
          SubsetDifference.cover(tree, ints(event.getArray("revoked"))).stream()
              .sorted(Comparator.comparing(subset -> SubsetRank.of(tree, subset)))
              .toList();
      assertEquals(expected.size(), cover.size());
      for (int i = 0; i < cover.size(); i++) {
        JsonObject one = expected.getObject(i);
        Subset subset = cover.get(i);
        assertEquals(subset(one), subset);
        assertEquals(one.getLong("rank"), SubsetRank.of(tree, subset));
        for (int leaf = 0; leaf < tree.leaves(); leaf++) {
          LeafIndex member = new LeafIndex(leaf);
          if (subset.contains(tree, member)) {
            Subset start = SubsetLabels.start(tree, member, subset);
            Bytes label = walk(label(held.get(leaf), start), SubsetLabels.steps(start, subset));
            assertEquals(hex(one, "label"), label);
            assertEquals(hex(one, "key"), step(label, SubsetKeys.KEY));
          }
        }
        assertEquals(hex(one, "wrapped"), wrap(hex(one, "key"), hex(event, "groupKey")));
      }
    }
  }

  /** What each member holds, computed from LABEL(i, i) and compared. */
  private static List<Map<Subset, Bytes>> held(HeapTree tree, JsonObject file) {
    JsonArray roots = file.getArray("rootLabels");
    List<Map<Subset, Bytes>> all = new ArrayList<>();
    for (int leaf = 0; leaf < tree.leaves(); leaf++) {
      JsonArray expected = file.getArray("members").getObject(leaf).getArray("held");
      List<Subset> subsets = SubsetLabels.held(tree, new LeafIndex(leaf));
      assertEquals(expected.size(), subsets.size());
      Map<Subset, Bytes> held = new HashMap<>();
      for (int i = 0; i < subsets.size(); i++) {
        Subset subset = subsets.get(i);
        assertEquals(subset(expected.getObject(i)), subset);
        assertEquals(expected.getObject(i).getLong("rank"), SubsetRank.of(tree, subset));
        Bytes label = fromRoot(roots, subset);
        assertEquals(hex(expected.getObject(i), "label"), label);
        held.put(subset, label);
      }
      all.add(held);
    }
    return all;
  }

  private static Bytes fromRoot(JsonArray roots, Subset subset) {
    if (subset.equals(ALL)) {
      return Bytes.fromHex(roots.getString(0));
    }
    Bytes root = Bytes.fromHex(roots.getString(subset.i()));
    Subset first = new Subset(subset.i(), HeapTree.childTowards(subset.i(), subset.j()));
    return walk(walk(root, List.of((first.j() & 1) == 1)), SubsetLabels.steps(first, subset));
  }

  @Test
  void marks() throws Exception {
    JsonObject file = file("marks.json");
    HeapTree tree = new HeapTree(file.getInt("height"));
    JsonArray ranges = file.getArray("ranges");
    assertEquals(tree.leaves() * (tree.leaves() + 1) / 2, ranges.size());
    for (int i = 0; i < ranges.size(); i++) {
      JsonObject range = ranges.getObject(i);
      assertEquals(
          range.getArray("seeds"), Marks.seeds(tree, range.getInt("first"), range.getInt("last")));
    }
  }

  private static Bytes walk(Bytes label, List<Boolean> steps) {
    Bytes at = label;
    for (boolean right : steps) {
      at = step(at, right ? SubsetKeys.RIGHT : SubsetKeys.LEFT);
    }
    return at;
  }

  private static Bytes step(Bytes label, Bytes which) {
    try (SecretBytes before = SecretBytes.takeFrom(label.toArray());
        SecretBytes after = SubsetKeys.step(before, which)) {
      return after.use(Bytes::copyOf);
    }
  }

  private static Bytes wrap(Bytes kek, Bytes octets) {
    try (SecretBytes under = SecretBytes.takeFrom(kek.toArray());
        SecretBytes key = SecretBytes.takeFrom(octets.toArray())) {
      return KeyWrap.KW_5649_256.wrap(under, key);
    }
  }

  private static Bytes label(Map<Subset, Bytes> held, Subset start) {
    Bytes label = held.get(start);
    if (label == null) {
      throw new AssertionError(start + " is not held");
    }
    return label;
  }

  private static Subset subset(JsonObject row) {
    return new Subset(row.getInt("i"), row.getInt("j"));
  }

  private static int[] ints(JsonArray array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.getInt(i);
    }
    return ints;
  }

  private static Bytes hex(JsonObject object, String name) {
    return Bytes.fromHex(object.getString(name));
  }

  private static JsonObject file(String name) throws Exception {
    return JsonParser.object().from(Files.readString(DocsVectors.path(name)));
  }
}

package org.keyfleet.protocol.keytree.vectors;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.keyfleet.testkit.DocsVectors;

/** The files of docs/vectors; {@link #main} writes them. What happens is drawn from their seeds. */
final class KeyTreeVectors {
  private static final int HEIGHT = 4;
  private static final int LEAVES = 1 << HEIGHT;

  private KeyTreeVectors() {}

  public static void main(String[] arguments) throws Exception {
    for (Map.Entry<String, String> file : files().entrySet()) {
      Files.writeString(DocsVectors.path(file.getKey()), file.getValue());
    }
  }

  /** Name and text of each file. */
  static Map<String, String> files() throws GeneralSecurityException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "lkh.json",
        groups(
            tree(2, false, 16, 1),
            tree(2, false, 32, 2),
            tree(3, false, 16, 3),
            tree(4, false, 16, 4)));
    files.put("ofc.json", groups(tree(2, true, 16, 5), tree(2, true, 32, 6), tree(3, true, 16, 7)));
    files.put("cs.json", completeSubtree(8));
    files.put("sd.json", subsetDifference(9));
    files.put("marks.json", marks());
    return files;
  }

  private static String groups(Object... groups) {
    return VectorJson.text(VectorJson.object("groups", List.of(groups)));
  }

  private static Map<String, Object> tree(int degree, boolean chains, int keyOctets, int number)
      throws GeneralSecurityException {
    byte[] seed = seed(number);
    Random random = new Random(number);
    SlowKeyTree tree = new SlowKeyTree(degree, chains, keyOctets, seed);
    List<Object> events = new ArrayList<>();
    events.add(tree.rekey(Set.of(), new TreeSet<>(Set.of(0, 1, 2)), Set.of()));
    for (int i = 0; i < 15; i++) {
      events.add(event(tree, random));
    }
    return VectorJson.object(
        "degree", degree,
        "keyWrap", keyOctets == 16 ? "KW_5649_128" : "KW_5649_256",
        "number", number,
        "seed", SlowCrypto.hex(seed),
        "events", events);
  }

  private static Map<String, Object> event(SlowKeyTree tree, Random random)
      throws GeneralSecurityException {
    Set<Integer> evicted = new TreeSet<>();
    Set<Integer> joined = new TreeSet<>();
    Set<Integer> refreshed = new TreeSet<>();
    List<Integer> members = List.copyOf(tree.members());
    int kind = random.nextInt(4);
    if (kind == 0 && !members.isEmpty()) {
      refreshed.add(members.get(random.nextInt(members.size())));
    } else {
      int coming = random.nextInt(4);
      for (int i = random.nextInt(3); i > 0 && !members.isEmpty(); i--) {
        evicted.add(members.get(random.nextInt(members.size())));
      }
      for (int i = 0; i < coming; i++) {
        int leaf = random.nextInt(12);
        if (!members.contains(leaf) || evicted.contains(leaf)) {
          joined.add(leaf);
        }
      }
    }
    return tree.rekey(evicted, joined, refreshed);
  }

  private static String completeSubtree(int number) throws GeneralSecurityException {
    byte[] seed = seed(number);
    SlowStateless slow = new SlowStateless(HEIGHT, seed);
    List<Object> events = new ArrayList<>();
    for (Set<Integer> revoked : revokedSets(new Random(number))) {
      byte[] groupKey = SlowCrypto.chosen(seed, "group", events.size() + 1, 32);
      events.add(covered(revoked, groupKey, slow.completeSubtree(revoked, groupKey)));
    }
    return VectorJson.text(header(number, seed, "events", events));
  }

  private static String subsetDifference(int number) throws GeneralSecurityException {
    byte[] seed = seed(number);
    SlowStateless slow = new SlowStateless(HEIGHT, seed);
    List<Object> members = new ArrayList<>();
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      members.add(VectorJson.object("leaf", leaf, "held", slow.held(leaf)));
    }
    List<Object> events = new ArrayList<>();
    for (Set<Integer> revoked : revokedSets(new Random(number))) {
      byte[] groupKey = SlowCrypto.chosen(seed, "group", events.size() + 1, 32);
      events.add(covered(revoked, groupKey, slow.subsetDifference(revoked, groupKey)));
    }
    Map<String, Object> file = header(number, seed, "rootLabels", slow.rootLabels());
    file.put("members", members);
    file.put("events", events);
    return VectorJson.text(file);
  }

  private static String marks() throws GeneralSecurityException {
    SlowStateless slow = new SlowStateless(HEIGHT, seed(0));
    List<Object> ranges = new ArrayList<>();
    for (int first = 0; first < LEAVES; first++) {
      for (int last = first; last < LEAVES; last++) {
        ranges.add(
            VectorJson.object("first", first, "last", last, "seeds", slow.marks(first, last)));
      }
    }
    return VectorJson.text(VectorJson.object("height", HEIGHT, "ranges", ranges));
  }

  private static Map<String, Object> header(int number, byte[] seed, String name, Object value) {
    return VectorJson.object(
        "height", HEIGHT, "number", number, "seed", SlowCrypto.hex(seed), name, value);
  }

  private static Map<String, Object> covered(
      Set<Integer> revoked, byte[] groupKey, List<Object> cover) {
    return VectorJson.object(
        "revoked", List.copyOf(revoked), "groupKey", SlowCrypto.hex(groupKey), "cover", cover);
  }

  /** Nobody, everybody, one, and fourteen sets of any size. */
  private static List<Set<Integer>> revokedSets(Random random) {
    Set<Integer> all = new TreeSet<>();
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      all.add(leaf);
    }
    List<Set<Integer>> sets = new ArrayList<>(List.of(Set.of(), all, Set.of(5)));
    for (int i = 0; i < 14; i++) {
      Set<Integer> revoked = new TreeSet<>();
      for (int size = 1 + i / 2; size > 0; size--) {
        revoked.add(random.nextInt(LEAVES));
      }
      sets.add(revoked);
    }
    return sets;
  }

  private static byte[] seed(int number) throws GeneralSecurityException {
    return SlowCrypto.sha256(("keyfleet vectors " + number).getBytes(StandardCharsets.US_ASCII));
  }
}

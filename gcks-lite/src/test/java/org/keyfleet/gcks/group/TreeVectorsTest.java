package org.keyfleet.gcks.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.keytree.Derivation;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.Wrap;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.testkit.DocsVectors;

/** docs/vectors/lkh.json and ofc.json: each rekey message, octet by octet. */
class TreeVectorsTest {
  private final Map<Long, Bytes> keyOfId = new HashMap<>();
  private long lastId;

  @ParameterizedTest
  @CsvSource({"LKH, lkh.json, 4", "OFC, ofc.json, 3"})
  void eachEventOfTheFile(TreeGkma gkma, String file, int groups) throws Exception {
    JsonArray all =
        JsonParser.object().from(Files.readString(DocsVectors.path(file))).getArray("groups");
    assertEquals(groups, all.size());
    for (Object group : all) {
      compare(gkma, (JsonObject) group);
    }
  }

  private void compare(TreeGkma gkma, JsonObject group) {
    keyOfId.clear();
    lastId = 0;
    KeyTree tree = KeyTree.empty(gkma, group.getInt("degree"));
    KeyWrap wrap = KeyWrap.valueOf(group.getString("keyWrap"));
    JsonArray events = group.getArray("events");
    assertTrue(events.size() > 10);
    for (int i = 0; i < events.size(); i++) {
      compare(tree, wrap, events.getObject(i), "event " + i);
    }
  }

  private void compare(KeyTree tree, KeyWrap algorithm, JsonObject event, String where) {
    MembershipChange change =
        new MembershipChange(leaves(event, "evicted"), leaves(event, "joined"), true);
    Set<LeafIndex> refreshed = leaves(event, "refreshed");
    RekeyPlan plan = refreshed.isEmpty() ? tree.plan(change) : tree.refresh(refreshed);
    Map<NodeIndex, Long> fresh = new HashMap<>();
    plan.renewed().forEach(node -> fresh.put(node, ++lastId));
    tree.apply(plan, change, fresh);

    assertEquals(event.getInt("height"), plan.shape().height(), where);
    assertEquals(
        event.getArray("vacated"),
        new TreeSet<>(plan.vacated()).stream().map(NodeIndex::toString).toList(),
        where);
    compareKeys(tree, algorithm, plan, event.getArray("keys"), where);
    List<Wrap> wraps = plan.wraps();
    JsonArray expected = event.getArray("wraps");
    assertEquals(expected.size(), wraps.size(), where);
    for (int i = 0; i < wraps.size(); i++) {
      JsonObject one = expected.getObject(i);
      long kwkId = tree.keyId(wraps.get(i).child());
      long keyId = tree.keyId(wraps.get(i).parent());
      assertEquals(List.of(one.getLong("kwkId"), one.getLong("keyId")), List.of(kwkId, keyId));
      assertEquals(hex(one, "wrapped"), wrap(algorithm, kwkId, key(keyId)), where);
    }
    JsonArray tops = event.getArray("groupKeyWraps");
    assertEquals(tops.size(), plan.top().size(), where);
    for (int i = 0; i < tops.size(); i++) {
      long kwkId = tree.keyId(plan.top().get(i));
      assertEquals(tops.getObject(i).getLong("kwkId"), kwkId, where);
      assertEquals(
          hex(tops.getObject(i), "wrapped"), wrap(algorithm, kwkId, hex(event, "groupKey")), where);
    }
  }

  /** Which nodes are renewed, in which order; derived keys are computed here. */
  private void compareKeys(
      KeyTree tree, KeyWrap algorithm, RekeyPlan plan, JsonArray expected, String where) {
    Map<NodeIndex, NodeIndex> sources =
        plan.derivations().stream()
            .collect(Collectors.toMap(Derivation::parent, Derivation::child));
    List<NodeIndex> renewed = new ArrayList<>(plan.renewed());
    assertEquals(expected.size(), renewed.size(), where);
    for (int i = 0; i < renewed.size(); i++) {
      JsonObject one = expected.getObject(i);
      NodeIndex node = renewed.get(i);
      long id = tree.keyId(node);
      assertEquals(one.getString("node"), node.toString(), where);
      assertEquals(one.getLong("keyId"), id, where);
      NodeIndex source = sources.get(node);
      assertEquals(one.has("from"), source != null, where);
      if (source == null) {
        keyOfId.put(id, hex(one, "key"));
      } else {
        assertEquals(one.getLong("from"), tree.keyId(source), where);
        keyOfId.put(id, derived(algorithm, tree.keyId(source), id));
        assertEquals(hex(one, "key"), key(id), where);
      }
    }
  }

  private Bytes derived(KeyWrap algorithm, long from, long id) {
    try (SecretBytes parent = SecretBytes.takeFrom(key(from).toArray());
        SecretBytes child =
            KeyDerivation.derive(parent, KfChain.label(id), algorithm.keyOctets())) {
      return child.use(Bytes::copyOf);
    }
  }

  private Bytes wrap(KeyWrap algorithm, long kwkId, Bytes octets) {
    try (SecretBytes kek = SecretBytes.takeFrom(key(kwkId).toArray());
        SecretBytes key = SecretBytes.takeFrom(octets.toArray())) {
      return algorithm.wrap(kek, key);
    }
  }

  private Bytes key(long id) {
    Bytes key = keyOfId.get(id);
    if (key == null) {
      throw new AssertionError("no key " + id);
    }
    return key;
  }

  private static Set<LeafIndex> leaves(JsonObject event, String name) {
    Set<LeafIndex> leaves = new TreeSet<>();
    for (int i = 0; i < event.getArray(name).size(); i++) {
      leaves.add(new LeafIndex(event.getArray(name).getInt(i)));
    }
    return leaves;
  }

  private static Bytes hex(JsonObject object, String name) {
    return Bytes.fromHex(object.getString(name));
  }
}

package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.KeyPathPlan.Excluded;
import org.keyfleet.protocol.gikev2.KeyPathPlan.Reachable;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.Lkh;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.keytree.Wrap;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * RFC 9838 appendix A, message by message, with real key wraps and real octets on the wire. The
 * tree of figure 22, numbered as there:
 *
 * <pre>
 *                                  SA1(K_sa1)
 *                     +------------------------------+
 *                     1                              2
 *             +---------------+              +---------------+
 *             3               4              5               6
 *         +-------+       +-------+      +--------+      +--------+
 *        A(7)    B(8)    C(9)   D(10)  E(11)    F(12)  G(13)    H(14)
 * </pre>
 */
class AppendixATest {
  private static final GroupSaId SA1 = GroupSaId.rekey(Bytes.fromHex("01".repeat(16)));
  private static final GroupSaId SA2 = GroupSaId.rekey(Bytes.fromHex("02".repeat(16)));
  private static final GroupSaId SA3 = GroupSaId.rekey(Bytes.fromHex("03".repeat(16)));
  private static final TreeShape SHAPE = new TreeShape(2, 3);

  /** One group member: what it holds, and the paths it should have by A.2 and A.4. */
  private static final class Member {
    final AppendixAKeys keys = new AppendixAKeys();
    final LeafIndex leaf;
    WorkingKeyPath path = WorkingKeyPath.EMPTY;
    SecretBytes saKey = SecretBytes.takeFrom(new byte[0]);

    Member(int position) {
      leaf = new LeafIndex(position);
    }
  }

  private final SecureRandom random = new SecureRandom();
  private final AppendixAKeys gcks = new AppendixAKeys();
  private final Map<NodeIndex, Long> keyIds = new HashMap<>();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final SecretBytes kSa1 = keymat();
  private final SecretBytes kSa2 = keymat();
  private final SecretBytes kSa3 = keymat();

  private SecretBytes keymat() {
    return SecretBytes.random(random, 68);
  }

  @BeforeEach
  void createTheGroup() {
    long id = 0;
    for (int level = SHAPE.height() - 1; level >= 0; level--) {
      for (int p = 0; p < SHAPE.width(level); p++) {
        keyIds.put(new NodeIndex(level, p), ++id);
        gcks.fresh(id, random);
      }
    }
    for (int i = 0; i < 8; i++) {
      members.put(String.valueOf((char) ('A' + i)), new Member(i));
    }
  }

  private WrappedKey wrap(long kwkId, long keyId) {
    return gcks.wrap(kwkId, keyId, gcks.get(kwkId), gcks.get(keyId));
  }

  private long keyId(NodeIndex node) {
    return Objects.requireNonNull(keyIds.get(node), node.toString());
  }

  /** Encodes, decodes and compares: what a member plans with has been on the wire. */
  private static KeyDownload overTheWire(KeyDownload sent) {
    try {
      KeyDownload received = KeyDownload.of(sent.toPayload(OptionalInt.empty()));
      assertEquals(sent, received);
      return received;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static void apply(Member member, KeyPathPlan plan, SecretBytes gskW)
      throws NotAuthenticException {
    Reachable reachable = assertInstanceOf(Reachable.class, plan);
    member.saKey = member.keys.execute(reachable.steps(), gskW);
    member.path.keyIds().stream()
        .filter(id -> !reachable.pathAfter().holds(id))
        .forEach(member.keys::forget);
    member.path = reachable.pathAfter();
  }

  /** A.2, figure 23: each member registers over its own IKE SA with its own GSK_w. */
  private void register(Member member) throws NotAuthenticException {
    try (SecretBytes gskW = SecretBytes.random(random, AppendixAKeys.KW.keyOctets())) {
      List<Long> path = SHAPE.path(member.leaf).stream().map(this::keyId).toList();
      long own = path.get(0);
      WrappedKey saKey = gcks.wrap(path.get(2), 0, gcks.get(path.get(2)), kSa1);
      List<WrappedKey> wraps = new ArrayList<>();
      wraps.add(wrap(path.get(1), path.get(2)));
      wraps.add(wrap(own, path.get(1)));
      wraps.add(gcks.wrap(0, own, gskW, gcks.get(own)));
      KeyDownload kd =
          overTheWire(
              new KeyDownload(List.of(GroupKeyBag.of(SA1, saKey)), MemberKeyBag.ofWrapKeys(wraps)));
      if (member.leaf.position() == 0) {
        assertEquals("KD[[1{K_sa}]][3{1}, 7{3}, GSK_w{7}]", kd.toString()); // figure 23
      }
      apply(
          member,
          KeyPathResolver.atRegistration(
              kd, kd.groupBags().get(0), OptionalLong.empty(), WorkingKeyPath.EMPTY),
          gskW);
    }
  }

  private void registerAll() throws NotAuthenticException {
    for (Member member : members.values()) {
      register(member);
    }
  }

  private String paths() {
    return members.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue().path)
        .collect(Collectors.joining("  "));
  }

  /** The default KWK of a Rekey SA: the end of its keying material. */
  private static SecretBytes gskWOf(SecretBytes keymat) {
    return keymat.slice(36, 68);
  }

  private Member member(String name) {
    return Objects.requireNonNull(members.get(name), name);
  }

  private boolean holds(String name, SecretBytes expected) {
    SecretBytes key = member(name).saKey;
    return expected.use(key::matches);
  }

  @Test
  void groupCreation() throws NotAuthenticException {
    registerAll();
    assertEquals(
        "A: 1->3->7  B: 1->3->8  C: 1->4->9  D: 1->4->10  "
            + "E: 2->5->11  F: 2->5->12  G: 2->6->13  H: 2->6->14",
        paths());
    members.keySet().forEach(name -> assertTrue(holds(name, kSa1), name));
  }

  /** A.3: GSA_REKEY over SA1 with {@code KD(GP(SA2)(GSK_w{K_sa2}))}. */
  @Test
  void simpleGroupSaRekey() throws NotAuthenticException {
    registerAll();
    String before = paths();
    simpleRekey();
    assertEquals(before, paths());
    members.keySet().forEach(name -> assertTrue(holds(name, kSa2), name));
  }

  private void simpleRekey() throws NotAuthenticException {
    WrappedKey saKey;
    try (SecretBytes gskW = gskWOf(kSa1)) {
      saKey = gcks.wrap(0, 0, gskW, kSa2);
    }
    KeyDownload kd =
        overTheWire(new KeyDownload(List.of(GroupKeyBag.of(SA2, saKey)), MemberKeyBag.EMPTY));
    assertEquals("KD[[GSK_w{K_sa}]][]", kd.toString()); // figure 24
    for (Member member : members.values()) {
      try (SecretBytes gskW = gskWOf(member.saKey)) {
        apply(
            member,
            KeyPathResolver.onRekey(kd, kd.groupBags().get(0), KfChain.NONE, member.path),
            gskW);
      }
    }
  }

  /** A.4: GSA_REKEY over SA2 without F; figures 25 and 26. */
  @Test
  void groupMemberExclusion() throws NotAuthenticException {
    registerAll();
    simpleRekey();

    LeafSet all =
        LeafSet.of(
            SHAPE, IntStream.range(0, 8).mapToObj(LeafIndex::new).collect(Collectors.toSet()));
    RekeyPlan plan = Lkh.plan(all, MembershipChange.evict(new LeafIndex(5)));
    plan.vacated().forEach(keyIds::remove);
    List<NodeIndex> topDown = new ArrayList<>(plan.renewed());
    Collections.reverse(topDown);
    long next = 15;
    for (NodeIndex node : topDown) {
      keyIds.put(node, next);
      gcks.fresh(next++, random);
    }
    List<WrappedKey> saKeys = new ArrayList<>();
    plan.top().forEach(top -> saKeys.add(gcks.wrap(keyId(top), 0, gcks.get(keyId(top)), kSa3)));
    List<WrappedKey> wraps = new ArrayList<>();
    for (Wrap w : plan.wraps()) {
      wraps.add(wrap(keyId(w.child()), keyId(w.parent())));
    }
    KeyDownload kd =
        overTheWire(
            new KeyDownload(
                List.of(new GroupKeyBag(SA3, saKeys, List.of())), MemberKeyBag.ofWrapKeys(wraps)));
    assertEquals("KD[[1{K_sa}, 15{K_sa}]][16{15}, 6{15}, 11{16}]", kd.toString()); // figure 26

    Member f = member("F");
    for (Member member : members.values()) {
      KeyPathPlan path =
          KeyPathResolver.onRekey(kd, kd.groupBags().get(0), KfChain.NONE, member.path);
      if (member == f) {
        assertInstanceOf(Excluded.class, path);
      } else {
        try (SecretBytes gskW = gskWOf(member.saKey)) {
          apply(member, path, gskW);
        }
      }
    }
    members.remove("F");
    assertEquals(
        "A: 1->3->7  B: 1->3->8  C: 1->4->9  D: 1->4->10  "
            + "E: 15->16->11  G: 15->6->13  H: 15->6->14",
        paths());
    members.keySet().forEach(name -> assertTrue(holds(name, kSa3), name));

    // F has GSK_w of SA2 as well, and still no key opens anything
    f.keys.put(99, gskWOf(kSa2));
    List<WrappedKey> everything = new ArrayList<>(saKeys);
    everything.addAll(wraps);
    everything.forEach(key -> assertFalse(f.keys.canOpen(key.encryptedKey()), key.toString()));
  }
}

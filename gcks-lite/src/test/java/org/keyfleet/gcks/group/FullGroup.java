package org.keyfleet.gcks.group;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.MemberRules;
import org.keyfleet.gcks.policy.MulticastTarget;
import org.keyfleet.gcks.policy.RekeyAuthentication;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.gcks.policy.RekeySettings;
import org.keyfleet.gcks.policy.RekeyTransport;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.NodeRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.SqliteStore;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/**
 * A group whose every leaf is taken, as the server has it in memory. An eviction's messages are
 * made and nothing changes, so that it can be made many times. Members are a number only.
 */
public final class FullGroup implements AutoCloseable {
  private static final long NOW = 1_700_000_000_000L;

  private final SqliteStore store;
  private final GroupSettings settings;
  private final SecureRandom random;
  private final ChangePlanner planner;
  private final RegistrationWriter registrations;
  private final KeyTree tree;
  private final CounterRow counters;
  private GroupState state = GroupState.NEW;

  private FullGroup(
      SqliteStore store,
      GroupSettings settings,
      SecureRandom random,
      ChangePlanner planner,
      RegistrationWriter registrations,
      KeyTree tree,
      CounterRow counters) {
    this.store = store;
    this.settings = settings;
    this.random = random;
    this.planner = planner;
    this.registrations = registrations;
    this.tree = tree;
    this.counters = counters;
  }

  /**
   * A new group.
   *
   * @param signatureKey the identity is an Ed25519 key in host memory
   * @param custody open; holds the group's master; stays the caller's
   * @param directory for a store that stays empty
   */
  public static FullGroup of(
      TreeGkma gkma,
      TreeShape shape,
      KeyWrap keyWrap,
      SignatureKey signatureKey,
      KeyCustody custody,
      Path directory)
      throws IOException, StoreException, CustodyException, SigningException {
    SecureRandom random = new SecureRandom();
    GroupSettings settings = settings(gkma, shape, keyWrap, signatureKey);
    GroupKeys keys = GroupKeys.of(custody, settings.name());
    keys.open(Bytes.EMPTY);
    keys.incarnations().begin(List.of(), CounterRow.FIRST, random);
    Signer signer = signer(signatureKey, keys, random);
    GroupPolicies policies = new GroupPolicies(settings, Optional.of(signer.scheme()));
    SaKeys saKeys = new SaKeys(settings, keys);
    RekeyWriter writer =
        new RekeyWriter(
            settings,
            policies,
            keys,
            saKeys,
            new GikeSealing(settings, Optional.of(signer), () -> 65_000, random));
    long nodes = IntStream.range(0, shape.height()).mapToLong(shape::width).sum();
    FullGroup group =
        new FullGroup(
            SqliteStore.open(directory.resolve("empty.db")),
            settings,
            random,
            new ChangePlanner(settings, writer),
            new RegistrationWriter(
                settings,
                policies,
                keys,
                saKeys,
                writer,
                new RootKeyDelivery(random),
                Optional.of(signer)),
            KeyTree.of(gkma, shape, () -> rows(shape)),
            new CounterRow(nodes + 1, 1, 0, 0, 0));
    group.begin();
    return group;
  }

  private static Signer signer(SignatureKey key, GroupKeys keys, SecureRandom random)
      throws CustodyException {
    if (key.ownScheme().isEmpty()) {
      return SoftSigner.generate(SignatureScheme.ED25519, random);
    }
    GroupSigner own = new GroupSigner(keys, key.ownScheme().get(), random);
    own.open();
    return own;
  }

  /** Key IDs from the bottom up: those of parents are larger, as they come about. */
  private static Iterator<NodeRow> rows(TreeShape shape) {
    long[] id = {0};
    return IntStream.range(0, shape.height())
        .boxed()
        .flatMap(level -> nodes(shape, level))
        .map(node -> new NodeRow(KeyTree.number(node), ++id[0]))
        .iterator();
  }

  private static Stream<NodeIndex> nodes(TreeShape shape, int level) {
    return IntStream.range(0, shape.width(level))
        .mapToObj(position -> new NodeIndex(level, position));
  }

  /** The first SAs. */
  private void begin() throws StoreException {
    Allocator allocator = new Allocator(settings, store, random, counters, NOW);
    state =
        new GroupState(
            counters,
            Optional.of(allocator.rekeySa(Optional.empty())),
            allocator.dataSas(List.of()));
    state = new GroupState(allocator.counters(), state.rekeySa(), state.dataSas());
  }

  /**
   * The messages of an eviction: the new Rekey SA through the tree, then the new data SA under it.
   */
  public List<RekeyMessageRow> evict(Set<LeafIndex> leaves)
      throws StoreException, CustodyException, SigningException {
    Allocator allocator = new Allocator(settings, store, random, state.counters(), NOW);
    return planner
        .membership(state, tree, allocator, List.of(), leaves, false, "evict", NOW)
        .messages();
  }

  /** What a member gets that registers as {@code leaf}; the group knows it already. */
  public JoinOutcome.Granted registration(LeafIndex leaf, DefaultKwk kwk)
      throws CustodyException, MalformedMessageException {
    MemberRow member =
        new MemberRow("member", leaf.position(), tree.keyId(leaf.node()), false, true, "", "", NOW);
    JoinRequest request =
        new JoinRequest(
            new MemberId("member"),
            Authentication.CERTIFICATE,
            Optional.empty(),
            false,
            0,
            Optional.empty(),
            true,
            true,
            "",
            kwk);
    return registrations.registration(
        state, tree, member, request, new RegistrationWriter.Grants(List.of(), 0), NOW);
  }

  /** Renews all keys above a member, and goes on from there. */
  public List<RekeyMessageRow> heal(LeafIndex leaf)
      throws StoreException, CustodyException, SigningException {
    Allocator allocator = new Allocator(settings, store, random, state.counters(), NOW);
    GroupChange change = planner.heal(state, tree, allocator, List.of(leaf), NOW);
    state = change.after();
    change
        .membership()
        .ifPresent(made -> tree.apply(made.plan(), made.membership(), made.freshKeyIds()));
    return change.messages();
  }

  private static GroupSettings settings(
      TreeGkma gkma, TreeShape shape, KeyWrap keyWrap, SignatureKey signatureKey)
      throws IOException {
    MulticastTarget target =
        new MulticastTarget(
            InetAddress.getByName("239.192.0.1"), 848, Optional.empty(), Optional.empty());
    Duration day = Duration.ofDays(1);
    return new GroupSettings(
        "fleet",
        CustodyDemand.STANDARD,
        gkma,
        shape.degree(),
        Duration.ZERO,
        shape.leaves(),
        true,
        true,
        Duration.ZERO,
        Duration.ZERO,
        16,
        1,
        new RekeySettings(
            RekeyMode.IMMEDIATE,
            Duration.ofSeconds(1),
            SaSuite.AES_128_GCM16,
            keyWrap,
            RekeyAuthentication.DIGITAL_SIGNATURE,
            signatureKey,
            day,
            0,
            Duration.ofMillis(500),
            Set.of(RekeyTransport.MULTICAST),
            target),
        List.of(new DataSaSettings("data", SaSuite.AES_128_GCM16, day, target, false)),
        new MemberRules(List.of("*"), List.of("*"), List.of("*"), false));
  }

  @Override
  public void close() {
    store.close();
  }
}

package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.MulticastTarget;
import org.keyfleet.gcks.policy.RekeyAuthentication;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupUpdate;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SupportedTransforms;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/** The parts that make a group's messages, put together once for its policy, keys and signer. */
public final class GroupMachinery {
  private final GroupSettings settings;
  private final Optional<Signer> signer;
  private final GroupKeys keys;
  private final GroupPolicies policies;
  private final SaKeys saKeys;
  private final RekeyWriter rekeyWriter;
  private final ChangePlanner planner;
  private final RegistrationWriter registrations;

  private GroupMachinery(
      GroupSettings settings,
      GroupKeys keys,
      Optional<Signer> signer,
      RekeySealing sealing,
      SecureRandom random) {
    this.settings = settings;
    this.signer = signer;
    this.keys = keys;
    this.policies = new GroupPolicies(settings, signer.map(Signer::scheme));
    this.saKeys = new SaKeys(settings, keys);
    this.rekeyWriter = new RekeyWriter(settings, policies, keys, saKeys, sealing);
    this.planner = new ChangePlanner(settings, rekeyWriter);
    this.registrations =
        new RegistrationWriter(
            settings, policies, keys, saKeys, rekeyWriter, new RootKeyDelivery(random), signer);
  }

  /**
   * Puts the parts together; the group's keys are opened with its state.
   *
   * @param identity signs the rekey messages unless the policy says otherwise
   * @param maxDatagramOctets above which messages go in fragments
   */
  public static GroupMachinery open(
      GroupSettings settings,
      KeyCustody custody,
      Signer identity,
      FragmentLimit maxDatagramOctets,
      SecureRandom random) {
    GroupKeys keys = GroupKeys.of(custody, settings.name());
    Optional<Signer> signer =
        settings.rekey().authentication() == RekeyAuthentication.DIGITAL_SIGNATURE
            ? Optional.of(signer(settings, keys, identity, random))
            : Optional.empty();
    return new GroupMachinery(
        settings,
        keys,
        signer,
        new GikeSealing(settings, signer, maxDatagramOctets, random),
        random);
  }

  private static Signer signer(
      GroupSettings settings, GroupKeys keys, Signer identity, SecureRandom random) {
    Optional<SignatureScheme> own = settings.rekey().signatureKey().ownScheme();
    return own.isPresent() ? new GroupSigner(keys, own.get(), random) : identity;
  }

  /**
   * Opens the group's keys, and the one that signs.
   *
   * @param known as in {@link GroupKeys#open}
   */
  Bytes openKeys(Bytes known) throws CustodyException {
    Bytes check = keys.open(known);
    if (signer.isPresent() && signer.get() instanceof GroupSigner own) {
      own.open();
    }
    return check;
  }

  Incarnations incarnations() {
    return keys.incarnations();
  }

  /**
   * Names the policy, the signer and the tree's form: what members were given on the wire. Text
   * that stays the same from one version of this server to the next.
   */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    text.append(settings.custody()).append('/').append(settings.treeDegree());
    if (settings.gkma() != TreeGkma.LKH) {
      text.append('/').append(settings.gkma());
    }
    text.append('/')
        .append(settings.rekey().suite())
        .append('/')
        .append(settings.rekey().keyWrap());
    text.append('/').append(onWire(settings.rekey().target()));
    text.append('/').append(settings.senderIdBits());
    text.append('/').append(settings.rekey().multicast());
    text.append('/').append(signer.map(key -> key.subjectPublicKeyInfo().hex()).orElse("implicit"));
    settings
        .data()
        .forEach(
            data ->
                text.append('/')
                    .append(data.name())
                    .append(' ')
                    .append(data.suite())
                    .append(' ')
                    .append(onWire(data.target()))
                    .append(' ')
                    .append(data.singleSender()));
    return text.toString();
  }

  /** Without the interface, which is this host's own. */
  private static String onWire(MulticastTarget target) {
    return target.address().getHostAddress()
        + ' '
        + target.port()
        + target.source().map(source -> " from " + source.getHostAddress()).orElse("");
  }

  boolean supports(SupportedTransforms supported) {
    List<RekeySaPolicy> rekey = new ArrayList<>();
    RekeySaRow anySa = new RekeySaRow(0, anySpi(), 0, 0, 0, 0, anySpi());
    if (settings.rekey().multicast()) {
      rekey.add(policies.registered(anySa, 0));
    }
    List<DataSaRow> data = new ArrayList<>();
    for (int i = 0; i < settings.data().size(); i++) {
      data.add(new DataSaRow(settings.data().get(i).name(), 0, 256L + i, 0, 0, 256));
    }
    return supported.allow(
        new GroupPolicy(
            rekey.stream().findFirst(), policies.dataSas(data, 0, true), Optional.empty()));
  }

  GroupChange membership(
      GroupMemory memory,
      Allocator allocator,
      List<MemberRow> joining,
      Set<LeafIndex> leaving,
      boolean freshSas,
      String reason,
      long nowMillis)
      throws StoreException, CustodyException, SigningException {
    if (settings.rekey().multicast()) {
      return planner.membership(
          memory.state(), memory.tree(), allocator, joining, leaving, freshSas, reason, nowMillis);
    }
    boolean fresh =
        freshSas || memory.state().dataSas().isEmpty() || settings.backwardAccessControl();
    return withoutTree(memory, allocator, joining, fresh, reason);
  }

  GroupChange refresh(
      GroupMemory memory,
      Allocator allocator,
      boolean rekeySa,
      boolean dataSas,
      String reason,
      long nowMillis)
      throws StoreException, CustodyException, SigningException {
    if (settings.rekey().multicast()) {
      return planner.refresh(
          memory.state(), memory.tree(), allocator, rekeySa, dataSas, reason, nowMillis);
    }
    return withoutTree(memory, allocator, List.of(), true, reason);
  }

  GroupChange heal(GroupMemory memory, Allocator allocator, List<LeafIndex> leaves, long nowMillis)
      throws StoreException, CustodyException, SigningException {
    return planner.heal(memory.state(), memory.tree(), allocator, leaves, nowMillis);
  }

  RekeyMessageRow deleteAll(RekeySaRow sa, String reason, long nowMillis)
      throws CustodyException, SigningException {
    return rekeyWriter.deleteAll(sa, reason, nowMillis);
  }

  JoinOutcome registration(
      GroupMemory memory,
      MemberRow member,
      JoinRequest request,
      RegistrationWriter.Grants grants,
      long nowMillis)
      throws CustodyException, MalformedMessageException {
    return registrations.registration(
        memory.state(), memory.tree(), member, request, grants, nowMillis);
  }

  /** GSA_INBAND_REKEY (RFC 9838 section 2.4.2): new data SAs, and the deletion of the old ones. */
  List<Payload> inbandRekey(
      List<DataSaRow> old, List<DataSaRow> fresh, DefaultKwk kwk, long nowMillis)
      throws CustodyException {
    GroupPolicy policy =
        new GroupPolicy(
            Optional.empty(), policies.dataSas(fresh, nowMillis, false), policies.groupWide(false));
    KeyDownload download = new KeyDownload(rekeyWriter.dataBags(fresh, kwk), MemberKeyBag.EMPTY);
    return new RekeyContent(
            Optional.of(new GroupUpdate(policy, download)), RekeyWriter.deletion(old), List.of())
        .payloads();
  }

  /** Keying material for the insecure key export; the caller closes it. */
  public SecretBytes insecureRekeyKeymat(RekeySaRow sa) throws CustodyException {
    return saKeys.rekeyKeymat(sa);
  }

  /** Keying material for the insecure key export; the caller closes it. */
  public SecretBytes insecureDataKeymat(DataSaRow sa) throws CustodyException {
    return saKeys.dataKeymat(sa);
  }

  private static GroupChange withoutTree(
      GroupMemory memory,
      Allocator allocator,
      List<MemberRow> joining,
      boolean freshDataSas,
      String reason)
      throws StoreException {
    List<DataSaRow> dataSas =
        freshDataSas ? allocator.dataSas(memory.state().dataSas()) : memory.state().dataSas();
    return new GroupChange(
        reason,
        new GroupState(allocator.counters(), Optional.empty(), dataSas),
        Optional.empty(),
        OptionalInt.empty(),
        joining,
        allocator.newSpis(),
        List.of());
  }

  private static Bytes anySpi() {
    return Bytes.fromHex("01".repeat(16));
  }
}

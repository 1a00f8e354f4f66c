package org.keyfleet.gcks.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Signer;

/**
 * Builds what a new member gets (RFC 9838 section 2.3.4, figure 23): the current SAs and its whole
 * key path, the last of it under GSK_w of its IKE SA or, with strict custody, agreed with its
 * token.
 */
final class RegistrationWriter {
  private final GroupSettings settings;
  private final GroupPolicies policies;
  private final GroupKeys keys;
  private final SaKeys saKeys;
  private final RekeyWriter rekeyWriter;
  private final RootKeyDelivery rootKeys;
  private final Optional<Signer> signer;

  /**
   * @param signer of the rekey messages, whose key goes out as AUTH_KEY; empty when implicit
   */
  RegistrationWriter(
      GroupSettings settings,
      GroupPolicies policies,
      GroupKeys keys,
      SaKeys saKeys,
      RekeyWriter rekeyWriter,
      RootKeyDelivery rootKeys,
      Optional<Signer> signer) {
    this.settings = settings;
    this.policies = policies;
    this.keys = keys;
    this.saKeys = saKeys;
    this.rekeyWriter = rekeyWriter;
    this.rootKeys = rootKeys;
    this.signer = signer;
  }

  /**
   * Numbers that one registration gets.
   *
   * @param agreedKeyId Key ID for KF_AGREE; 0 where nothing is agreed
   */
  record Grants(List<Long> senderIds, long agreedKeyId) {
    Grants {
      senderIds = List.copyOf(senderIds);
    }
  }

  JoinOutcome.Granted registration(
      GroupState state,
      KeyTree tree,
      MemberRow member,
      JoinRequest request,
      Grants grants,
      long nowMillis)
      throws CustodyException, MalformedMessageException {
    boolean multicast = settings.rekey().multicast();
    List<GroupKeyBag> bags = new ArrayList<>();
    MemberKeyBag memberBag = MemberKeyBag.EMPTY;
    Optional<RekeySaPolicy> rekeyPolicy = Optional.empty();
    if (state.rekeySa().isPresent()) {
      RekeySaRow sa = state.rekeySa().get();
      RekeySaPolicy policy = policies.registered(sa, nowMillis);
      rekeyPolicy =
          Optional.of(
              request.keyfleetPeer() ? Extensions.announce(policy, settings, tree) : policy);
      List<NodeIndex> path = tree.path(new LeafIndex(member.leaf()));
      Map<Long, Long> origins = new HashMap<>();
      path.forEach(node -> tree.noteOrigin(node, origins));
      try (KeyRing ring = new KeyRing(keys, settings.rekey().keyWrap(), origins)) {
        bags.add(rekeyBag(sa, tree, path, ring));
        memberBag = pathBag(sa, tree, path, ring, request, grants);
      }
      memberBag =
          signer.isPresent()
              ? memberBag.withAuthKey(signer.get().subjectPublicKeyInfo())
              : memberBag;
    }
    bags.addAll(rekeyWriter.dataBags(state.dataSas(), request.kwk()));
    memberBag = memberBag.withSenderIds(grants.senderIds().stream().map(SenderId::new).toList());
    GroupPolicy policy =
        new GroupPolicy(
            rekeyPolicy,
            policies.dataSas(state.dataSas(), nowMillis, multicast),
            policies.groupWide(request.sender()));
    OptionalInt senderIdBits =
        request.sender() ? OptionalInt.of(settings.senderIdBits()) : OptionalInt.empty();
    return new JoinOutcome.Granted(
        policy.toPayload(), new KeyDownload(bags, memberBag).toPayload(senderIdBits), !multicast);
  }

  /** "exactly one SA_KEY attribute MUST be present" (section 4.5.2.1). */
  private GroupKeyBag rekeyBag(RekeySaRow sa, KeyTree tree, List<NodeIndex> path, KeyRing ring)
      throws CustodyException {
    long kwkId =
        sa.releaserKeyId() != 0 ? sa.releaserKeyId() : tree.keyId(path.get(path.size() - 1));
    try (SecretBytes keymat = saKeys.rekeyKeymat(sa)) {
      return GroupKeyBag.of(GroupSaId.rekey(sa.spi()), ring.wrapSaKey(kwkId, keymat));
    }
  }

  private MemberKeyBag pathBag(
      RekeySaRow sa,
      KeyTree tree,
      List<NodeIndex> path,
      KeyRing ring,
      JoinRequest request,
      Grants grants)
      throws CustodyException, MalformedMessageException {
    List<WrappedKey> wraps = new ArrayList<>();
    if (sa.releaserKeyId() != 0) {
      wraps.add(ring.wrap(tree.keyId(path.get(path.size() - 1)), sa.releaserKeyId()));
    }
    for (int i = path.size() - 1; i > 0; i--) {
      wraps.add(ring.wrap(tree.keyId(path.get(i - 1)), tree.keyId(path.get(i))));
    }
    long rootId = tree.keyId(path.get(0));
    if (settings.strict()) {
      Bytes point =
          request
              .publicKeyInfo()
              .flatMap(RootKeyDelivery::agreementPoint)
              .orElseThrow(() -> new IllegalStateException("authorised without a P-256 key"));
      return rootKeys.agreed(
          MemberKeyBag.ofWrapKeys(wraps), rootId, ring.key(rootId), grants.agreedKeyId(), point);
    }
    wraps.add(ring.wrapUnder(request.kwk(), rootId));
    return MemberKeyBag.ofWrapKeys(wraps);
  }
}

package org.keyfleet.gcks.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.GroupDelete;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.GroupUpdate;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.Wrap;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SigningException;

/** Builds the GSA_REKEY messages of a group (RFC 9838 section 2.4.1, appendix A). */
final class RekeyWriter {
  private final GroupSettings settings;
  private final GroupPolicies policies;
  private final GroupKeys keys;
  private final SaKeys saKeys;
  private final RekeySealing sealing;

  RekeyWriter(
      GroupSettings settings,
      GroupPolicies policies,
      GroupKeys keys,
      SaKeys saKeys,
      RekeySealing sealing) {
    this.settings = settings;
    this.policies = policies;
    this.keys = keys;
    this.saKeys = saKeys;
    this.sealing = sealing;
  }

  /**
   * How a new Rekey SA reaches the members.
   *
   * @param origins Key IDs of derived keys, each with that of the key below it
   * @param chains what members derive themselves
   */
  record Path(
      List<Wrap> wraps,
      List<NodeIndex> top,
      ToLongFunction<NodeIndex> keyIds,
      Map<Long, Long> origins,
      KfChain chains) {}

  /**
   * A new Rekey SA under the old one. Through the tree its keying material goes under each top node
   * (appendix A.4), or under the releaser R and R under each top node (strict custody); without a
   * change of the tree and of custody under GSK_w (appendix A.3).
   *
   * @param path empty for a plain refresh, which only standard custody may do
   */
  RekeyMessageRow rekeySa(
      RekeySaRow old, RekeySaRow fresh, Optional<Path> path, String reason, long nowMillis)
      throws CustodyException, SigningException {
    List<WrappedKey> saKeysWrapped = new ArrayList<>();
    List<WrappedKey> wraps = new ArrayList<>();
    try (SecretBytes keymat = saKeys.rekeyKeymat(fresh);
        KeyRing ring =
            new KeyRing(
                keys, settings.rekey().keyWrap(), path.map(Path::origins).orElse(Map.of()))) {
      if (path.isEmpty()) {
        try (DefaultKwkHolder kwk = saKeys.kwk(old)) {
          saKeysWrapped.add(new WrappedKey(0, 0, kwk.kwk().wrap(keymat)));
        }
      } else {
        Path way = path.get();
        if (fresh.releaserKeyId() != 0) {
          saKeysWrapped.add(ring.wrapSaKey(fresh.releaserKeyId(), keymat));
        }
        for (NodeIndex top : way.top()) {
          long topId = way.keyIds().applyAsLong(top);
          if (fresh.releaserKeyId() != 0) {
            wraps.add(ring.wrap(topId, fresh.releaserKeyId()));
          } else {
            saKeysWrapped.add(ring.wrapSaKey(topId, keymat));
          }
        }
        for (Wrap wrap : way.wraps()) {
          wraps.add(
              ring.wrap(
                  way.keyIds().applyAsLong(wrap.child()), way.keyIds().applyAsLong(wrap.parent())));
        }
      }
    }
    GroupPolicy policy =
        new GroupPolicy(
            Optional.of(policies.announced(fresh, nowMillis)),
            List.of(),
            policies.groupWide(false));
    KeyDownload download =
        new KeyDownload(
            List.of(new GroupKeyBag(GroupSaId.rekey(fresh.spi()), saKeysWrapped, List.of())),
            memberBag(wraps, path));
    return message(
        old,
        RekeyContent.of(policy, download),
        reason,
        saKeysWrapped.size() + wraps.size(),
        nowMillis);
  }

  private static MemberKeyBag memberBag(List<WrappedKey> wraps, Optional<Path> path) {
    MemberKeyBag bag = MemberKeyBag.ofWrapKeys(wraps);
    return path.isPresent() && !path.get().chains().isEmpty()
        ? bag.withOthers(List.of(path.get().chains().toAttribute()))
        : bag;
  }

  /** New data SAs under the GSK_w of the Rekey SA, and the deletion of the old ones. */
  RekeyMessageRow dataSas(
      RekeySaRow sa, List<DataSaRow> old, List<DataSaRow> fresh, String reason, long nowMillis)
      throws CustodyException, SigningException {
    GroupPolicy policy =
        new GroupPolicy(
            Optional.empty(), policies.dataSas(fresh, nowMillis, true), policies.groupWide(false));
    KeyDownload download;
    try (DefaultKwkHolder kwk = saKeys.kwk(sa)) {
      download = new KeyDownload(dataBags(fresh, kwk.kwk()), MemberKeyBag.EMPTY);
    }
    RekeyContent content =
        new RekeyContent(Optional.of(new GroupUpdate(policy, download)), deletion(old), List.of());
    return message(sa, content, reason, fresh.size(), nowMillis);
  }

  /** Everybody out: all data SAs, then the Rekey SA (section 2.4.3). */
  RekeyMessageRow deleteAll(RekeySaRow sa, String reason, long nowMillis)
      throws CustodyException, SigningException {
    RekeyContent content =
        RekeyContent.ofDeletes(
            List.of(new GroupDelete.AllDataSas(ProtocolId.ESP), new GroupDelete.Excluded()));
    return message(sa, content, reason, 0, nowMillis);
  }

  /** One bag a data SA, each key under {@code kwk} (section 4.5.2.1: Key ID and KWK ID zero). */
  List<GroupKeyBag> dataBags(List<DataSaRow> sas, DefaultKwk kwk) throws CustodyException {
    List<GroupKeyBag> bags = new ArrayList<>();
    for (DataSaRow sa : sas) {
      try (SecretBytes keymat = saKeys.dataKeymat(sa)) {
        bags.add(
            GroupKeyBag.of(
                GroupSaId.esp(GroupPolicies.spiOctets(sa.spi())),
                new WrappedKey(0, 0, kwk.wrap(keymat))));
      }
    }
    return bags;
  }

  static List<GroupDelete> deletion(List<DataSaRow> old) {
    if (old.isEmpty()) {
      return List.of();
    }
    return List.of(
        new GroupDelete.Sas(
            old.stream().map(sa -> GroupSaId.esp(GroupPolicies.spiOctets(sa.spi()))).toList()));
  }

  private RekeyMessageRow message(
      RekeySaRow sa, RekeyContent content, String reason, int wraps, long nowMillis)
      throws CustodyException, SigningException {
    List<Bytes> datagrams;
    try (SecretBytes keymat = saKeys.rekeyKeymat(sa)) {
      datagrams = sealing.seal(sa, keymat, content);
    }
    return new RekeyMessageRow(
        0,
        sa.spi(),
        sa.nextMessageId(),
        reason,
        wraps,
        nowMillis,
        1 + settings.rekey().extraCopies(),
        datagrams);
  }
}

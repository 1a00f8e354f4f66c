package org.keyfleet.protocol.gikev2;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** Policies and keys of a group for tests. */
final class TestGroup {
  static final SecureRandom RANDOM = new SecureRandom();
  static final GroupSaId SA1 = GroupSaId.rekey(Bytes.fromHex("a1".repeat(16)));
  static final GroupSaId SA2 = GroupSaId.rekey(Bytes.fromHex("a2".repeat(16)));
  static final GroupSaId ESP1 = GroupSaId.esp(Bytes.fromHex("c1c1c1c1"));
  static final CipherSuite GCM = CipherSuite.aead(20, 256);
  static final CipherSuite CBC = new CipherSuite(12, 256, 12);
  static final TrafficSelector ANY =
      new TrafficSelector(17, 0, 65535, Bytes.fromHex("00000000"), Bytes.fromHex("ffffffff"));
  static final TrafficSelector MULTICAST = TrafficSelector.of(17, Bytes.fromHex("ef010203"), 848);
  static final WrappedKey UNDER_GSK_W = new WrappedKey(0, 0, Bytes.fromHex("55".repeat(72)));
  static final WrappedKey UNDER_1 = new WrappedKey(0, 1, Bytes.fromHex("66".repeat(72)));

  private TestGroup() {}

  static RekeyAuthentication signature(SignatureScheme scheme) {
    return new RekeyAuthentication.DigitalSignature(scheme.algorithmIdentifier());
  }

  static RekeySaPolicy rekeySa(GroupSaId id, CipherSuite cipher, SaAttributes attributes) {
    return new RekeySaPolicy(id, ANY, MULTICAST, cipher, 3, Optional.empty(), attributes);
  }

  static RekeySaPolicy authenticated(RekeySaPolicy policy, RekeyAuthentication method) {
    return new RekeySaPolicy(
        policy.id(),
        policy.source(),
        policy.destination(),
        policy.cipher(),
        policy.keyWrapId(),
        Optional.of(method),
        policy.attributes());
  }

  static DataSaPolicy esp(GroupSaId id, CipherSuite cipher) {
    return new DataSaPolicy(
        id, ANY, MULTICAST, cipher, SequenceNumbers.UNSPECIFIED_32, SaAttributes.lifetime(3600));
  }

  static GroupPolicy policyOf(SaPolicy sa) {
    return sa instanceof RekeySaPolicy rekey
        ? new GroupPolicy(Optional.of(rekey), List.of(), Optional.empty())
        : new GroupPolicy(Optional.empty(), List.of((DataSaPolicy) sa), Optional.empty());
  }

  /** A rekey that installs SA2 under GSK_w. */
  static RekeyContent newRekeySa() {
    return RekeyContent.of(
        policyOf(rekeySa(SA2, GCM, SaAttributes.lifetime(3600))), keysOf(SA2, UNDER_GSK_W));
  }

  static KeyDownload keysOf(GroupSaId id, WrappedKey... saKeys) {
    return new KeyDownload(List.of(GroupKeyBag.of(id, saKeys)), MemberKeyBag.EMPTY);
  }

  static KeyDownload with(KeyDownload keys, MemberKeyBag bag) {
    return new KeyDownload(keys.groupBags(), bag);
  }

  static RekeySuite suite(CipherSuite cipher) {
    return RekeySuite.of(rekeySa(SA1, cipher, SaAttributes.NONE)).orElseThrow();
  }

  static RekeySaKeys keys(RekeySuite suite) {
    try (SecretBytes keymat = SecretBytes.random(RANDOM, suite.keymatOctets())) {
      return RekeySaKeys.split(keymat, suite);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}

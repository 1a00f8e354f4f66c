package org.keyfleet.protocol.gikev2;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.keyfleet.protocol.gikev2.RekeyAuthentication.DigitalSignature;
import org.keyfleet.protocol.gikev2.RekeyAuthentication.Unsupported;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * Rules for a GSA and a KD payload together, by the message they come in (RFC 9838 sections 2.3.3,
 * 4.4 and 5). Both sides use them: the GCKS before it sends, the member before it installs.
 */
public final class ContextRules {
  private static final int KWP_OVERHEAD_OCTETS = 8; // RFC 5649 section 3

  private ContextRules() {}

  /**
   * Checks a registration.
   *
   * @param sender the GROUP_SENDER the member sent, if it did
   * @throws NotAllowedHereException for the first rule that is broken
   */
  public static void checkRegistration(
      GroupPolicy policy, KeyDownload keys, Optional<GroupSender> sender)
      throws NotAllowedHereException {
    MessageContext context = MessageContext.ofRegistration(policy);
    check(context, policy, keys);
    checkSenderIds(policy, keys, sender);
    if (policy.rekeySa().isPresent()) {
      checkAuthentication(policy.rekeySa().get(), keys.memberBag());
    }
  }

  /**
   * Checks a GSA_REKEY or GSA_INBAND_REKEY, or what both kinds of registration have in common.
   *
   * @throws NotAllowedHereException for the first rule that is broken
   */
  public static void check(MessageContext context, GroupPolicy policy, KeyDownload keys)
      throws NotAllowedHereException {
    for (SaPolicy sa : policy.sas()) {
      checkAttributes(context, sa.attributes());
    }
    if (policy.groupWide().isPresent()) {
      checkAttributes(context, policy.groupWide().get());
    }
    checkKeys(context, policy, keys);
    checkSelectors(policy);
    checkGcauthOnlyAtRegistration(context, policy);
  }

  /**
   * Checks that the WRAP_KEYs hold keys of the size of "the Key Wrap Algorithm transform for the SA
   * the WRAP_KEY attributes was sent in" (section 4.5.3.1), before anything is unwrapped.
   */
  public static void checkWrapKeySizes(MemberKeyBag bag, KeyWrap keyWrap)
      throws NotAllowedHereException {
    int wrappedOctets = keyWrap.keyOctets() + KWP_OVERHEAD_OCTETS;
    for (WrappedKey key : bag.wrapKeys()) {
      if (key.encryptedKey().size() != wrappedOctets) {
        throw new NotAllowedHereException(
            "WRAP_KEY " + key + ": " + key.encryptedKey().size() + " octets");
      }
    }
  }

  private static void checkAttributes(MessageContext context, SaAttributes attributes)
      throws NotAllowedHereException {
    AttributeRule.GSA_KEY_LIFETIME.check(context, count(attributes.lifetimeSeconds()));
    AttributeRule.GSA_INITIAL_MESSAGE_ID.check(context, count(attributes.initialMessageId()));
    AttributeRule.GSA_NEXT_SPI.check(context, attributes.nextSpis().size());
  }

  private static void checkAttributes(MessageContext context, GroupWidePolicy policy)
      throws NotAllowedHereException {
    AttributeRule.GWP_ATD.check(context, policy.activationDelaySeconds().isPresent() ? 1 : 0);
    AttributeRule.GWP_DTD.check(context, policy.deactivationDelaySeconds().isPresent() ? 1 : 0);
    AttributeRule.GWP_SENDER_ID_BITS.check(context, policy.senderIdBits().isPresent() ? 1 : 0);
  }

  /** "Keying material is matched by comparing the SPIs": each SA has its bag, each bag its SA. */
  private static void checkKeys(MessageContext context, GroupPolicy policy, KeyDownload keys)
      throws NotAllowedHereException {
    Set<GroupSaId> announced = new HashSet<>();
    policy.sas().forEach(sa -> announced.add(sa.id()));
    for (GroupKeyBag bag : keys.groupBags()) {
      if (!announced.remove(bag.id())) {
        throw new NotAllowedHereException(bag.id() + ": keys without a policy");
      }
      AttributeRule rule =
          bag.id().isRekeySa() ? AttributeRule.SA_KEY_OF_REKEY_SA : AttributeRule.SA_KEY_OF_DATA_SA;
      rule.check(context, bag.saKeys().size());
    }
    for (GroupSaId missing : announced) {
      throw new NotAllowedHereException(missing + ": policy without keys");
    }
    MemberKeyBag bag = keys.memberBag();
    AttributeRule.WRAP_KEY.check(context, bag.wrapKeys().size());
    AttributeRule.AUTH_KEY.check(context, bag.authKey().isPresent() ? 1 : 0);
    AttributeRule.GM_SENDER_ID.check(context, bag.senderIds().size());
  }

  /**
   * Section 4.4.2: "MUST NOT distribute both ESP and AH policies for the same set of" selectors.
   */
  private static void checkSelectors(GroupPolicy policy) throws NotAllowedHereException {
    record Selectors(TrafficSelector source, TrafficSelector destination) {}

    Set<Selectors> underAh = new HashSet<>();
    for (DataSaPolicy sa : policy.dataSas()) {
      if (sa.id().protocol() == ProtocolId.AH) {
        underAh.add(new Selectors(sa.source(), sa.destination()));
      }
    }
    for (DataSaPolicy sa : policy.dataSas()) {
      if (sa.id().protocol() == ProtocolId.ESP
          && underAh.contains(new Selectors(sa.source(), sa.destination()))) {
        throw new NotAllowedHereException(sa.id() + ": AH and ESP for the same traffic");
      }
    }
  }

  /** Section 4.4.2.1.1: GCAUTH "MUST NOT appear in the rekey messages". */
  private static void checkGcauthOnlyAtRegistration(MessageContext context, GroupPolicy policy)
      throws NotAllowedHereException {
    if (policy.rekeySa().isEmpty()) {
      return;
    }
    boolean present = policy.rekeySa().get().authentication().isPresent();
    if (present != context.isRegistration()) {
      throw new NotAllowedHereException(context + ": GCAUTH " + (present ? "present" : "missing"));
    }
  }

  /**
   * Tables 9 and 10, note 1: GWP_SENDER_ID_BITS and GM_SENDER_ID "MUST be present if the GCKS
   * policy includes at least one cipher in counter mode of operation and the GM included the
   * GROUP_SENDER notify ... Otherwise it MUST NOT be present"; section 4.5.3.3: "MUST NOT send more
   * than requested", where a request for none means one (section 2.5.1).
   */
  private static void checkSenderIds(
      GroupPolicy policy, KeyDownload keys, Optional<GroupSender> sender)
      throws NotAllowedHereException {
    boolean wanted = sender.isPresent() && policy.usesCounterMode();
    boolean bits =
        policy.groupWide().isPresent() && policy.groupWide().get().senderIdBits().isPresent();
    if (bits != wanted) {
      throw new NotAllowedHereException("GWP_SENDER_ID_BITS " + (bits ? "present" : "missing"));
    }
    int ids = keys.memberBag().senderIds().size();
    long most = wanted ? Math.max(1, sender.get().senderIds()) : 0;
    if (ids > most || (wanted && ids == 0)) {
      throw new NotAllowedHereException("GM_SENDER_ID " + ids + " times, " + most + " asked for");
    }
  }

  /** Table 9, note 4. */
  private static void checkAuthentication(RekeySaPolicy policy, MemberKeyBag bag)
      throws NotAllowedHereException {
    RekeyAuthentication method =
        policy.authentication().orElseThrow(() -> new NotAllowedHereException("GCAUTH missing"));
    if (method instanceof Unsupported other) {
      throw new NotAllowedHereException("GCAUTH " + other.id() + " is not supported");
    }
    boolean signed = method instanceof DigitalSignature;
    if (signed != bag.authKey().isPresent()) {
      throw new NotAllowedHereException(
          "AUTH_KEY " + (signed ? "missing" : "with implicit authentication"));
    }
  }

  private static int count(OptionalLong value) {
    return value.isPresent() ? 1 : 0;
  }
}

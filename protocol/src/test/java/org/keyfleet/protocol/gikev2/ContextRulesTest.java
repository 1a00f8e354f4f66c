package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.keyfleet.protocol.gikev2.MessageContext.INBAND_REGISTRATION;
import static org.keyfleet.protocol.gikev2.MessageContext.INBAND_REKEY;
import static org.keyfleet.protocol.gikev2.MessageContext.REGISTRATION;
import static org.keyfleet.protocol.gikev2.MessageContext.REKEY;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** RFC 9838 section 5, tables 9 and 10, cell by cell, and the rules between GSA and KD. */
class ContextRulesTest {
  private static final SaAttributes HOUR = SaAttributes.lifetime(3600);
  private static final Bytes AUTH_KEY = Bytes.fromHex("3000");

  /** Rows and columns as printed; C is a cell that a note decides. */
  private static final Map<String, String> TABLES_9_AND_10 =
      Map.ofEntries(
          Map.entry("GSA_KEY_LIFETIME", "S S [S] [S]"),
          Map.entry("GSA_INITIAL_MESSAGE_ID", "[S] [S] - -"),
          Map.entry("GSA_NEXT_SPI", "[M] [M] - -"),
          Map.entry("GWP_ATD", "[S] [S] [S] [S]"),
          Map.entry("GWP_DTD", "[S] [S] [S] [S]"),
          Map.entry("GWP_SENDER_ID_BITS", "C - C -"),
          Map.entry("SA_KEY_OF_REKEY_SA", "S S[M] S S"),
          Map.entry("SA_KEY_OF_DATA_SA", "S S S S"),
          Map.entry("WRAP_KEY", "[M] [M] - -"),
          Map.entry("AUTH_KEY", "C [S] - -"),
          Map.entry("GM_SENDER_ID", "C - C -"));

  @ParameterizedTest
  @EnumSource(AttributeRule.class)
  void tableIsTheRfcs(AttributeRule rule) {
    List<String> cells = List.of(TABLES_9_AND_10.getOrDefault(rule.name(), "").split(" ", -1));
    List<MessageContext> columns = List.of(REGISTRATION, REKEY, INBAND_REGISTRATION, INBAND_REKEY);
    for (int i = 0; i < columns.size(); i++) {
      MessageContext context = columns.get(i);
      switch (cells.get(i)) {
        case "S" -> admits(rule, context, "NYNN");
        case "[S]" -> admits(rule, context, "YYNN");
        case "[M]", "C" -> admits(rule, context, "YYYY");
        case "S[M]" -> admits(rule, context, "NYYY");
        case "-" -> admits(rule, context, "YNNN");
        default -> throw new AssertionError(rule + " is not in the tables");
      }
    }
  }

  /** {@code answers} for 0, 1, 2 and 50 attributes. */
  private static void admits(AttributeRule rule, MessageContext context, String answers) {
    int[] counts = {0, 1, 2, 50};
    for (int i = 0; i < counts.length; i++) {
      assertEquals(
          answers.charAt(i) == 'Y',
          rule.in(context).admits(counts[i]),
          rule + " " + counts[i] + " times in " + context);
    }
  }

  private static RekeySaPolicy rekeySa(SaAttributes attributes) {
    return TestGroup.rekeySa(TestGroup.SA2, TestGroup.GCM, attributes);
  }

  private static RekeySaPolicy registered(RekeyAuthentication method) {
    return TestGroup.authenticated(rekeySa(HOUR), method);
  }

  private static RekeyAuthentication signature() {
    return TestGroup.signature(SignatureScheme.ED25519);
  }

  private static KeyDownload keys() {
    return TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_GSK_W);
  }

  private static KeyDownload withAuthKey(KeyDownload keys) {
    return TestGroup.with(keys, keys.memberBag().withAuthKey(AUTH_KEY));
  }

  private static String refused(MessageContext context, GroupPolicy policy, KeyDownload keys) {
    NotAllowedHereException fault =
        assertThrows(
            NotAllowedHereException.class, () -> ContextRules.check(context, policy, keys));
    assertEquals(0, fault.getStackTrace().length);
    assertEquals(NotifyType.NO_PROPOSAL_CHOSEN, fault.notifyType());
    return String.valueOf(fault.getMessage());
  }

  private static void allowed(MessageContext context, GroupPolicy policy, KeyDownload keys) {
    assertDoesNotThrow(() -> ContextRules.check(context, policy, keys));
  }

  @Test
  void lifetimeIsDueWithMulticastRekey() {
    GroupPolicy without = TestGroup.policyOf(rekeySa(SaAttributes.NONE));
    assertEquals("REKEY: GSA_KEY_LIFETIME 0 times", refused(REKEY, without, keys()));
    allowed(REKEY, TestGroup.policyOf(rekeySa(HOUR)), keys());
    GroupPolicy esp = TestGroup.policyOf(TestGroup.esp(TestGroup.ESP1, TestGroup.GCM));
    allowed(INBAND_REKEY, esp, TestGroup.keysOf(TestGroup.ESP1, TestGroup.UNDER_GSK_W));
  }

  @Test
  void multicastAttributesAreForbiddenInband() {
    GroupPolicy initial = TestGroup.policyOf(rekeySa(HOUR.withInitialMessageId(7)));
    assertEquals(
        "INBAND_REKEY: GSA_INITIAL_MESSAGE_ID 1 times", refused(INBAND_REKEY, initial, keys()));
    GroupPolicy next = TestGroup.policyOf(rekeySa(HOUR.withNextSpis(List.of(TestGroup.SA1.spi()))));
    assertEquals("INBAND_REKEY: GSA_NEXT_SPI 1 times", refused(INBAND_REKEY, next, keys()));
    KeyDownload wraps =
        TestGroup.with(keys(), MemberKeyBag.ofWrapKeys(List.of(new WrappedKey(1, 3, Bytes.of(1)))));
    GroupPolicy plain = TestGroup.policyOf(rekeySa(HOUR));
    assertEquals("INBAND_REKEY: WRAP_KEY 1 times", refused(INBAND_REKEY, plain, wraps));
    assertEquals(
        "INBAND_REKEY: AUTH_KEY 1 times", refused(INBAND_REKEY, plain, withAuthKey(keys())));
  }

  @Test
  void senderIdsNeverTravelInARekey() {
    KeyDownload ids =
        TestGroup.with(keys(), MemberKeyBag.EMPTY.withSenderIds(List.of(new SenderId(0))));
    GroupPolicy policy = TestGroup.policyOf(rekeySa(HOUR));
    assertEquals("REKEY: GM_SENDER_ID 1 times", refused(REKEY, policy, ids));
    assertEquals("INBAND_REKEY: GM_SENDER_ID 1 times", refused(INBAND_REKEY, policy, ids));
    GroupPolicy bits =
        new GroupPolicy(policy.rekeySa(), List.of(), Optional.of(groupWide(OptionalInt.of(8))));
    assertEquals("REKEY: GWP_SENDER_ID_BITS 1 times", refused(REKEY, bits, keys()));
  }

  private static GroupWidePolicy groupWide(OptionalInt senderIdBits) {
    return GroupWidePolicy.of(OptionalInt.empty(), OptionalInt.empty(), senderIdBits);
  }

  @Test
  void rekeySaHasOneSaKeyAtRegistrationAndAnyNumberInARekey() {
    KeyDownload two = TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_1, TestGroup.UNDER_GSK_W);
    allowed(REKEY, TestGroup.policyOf(rekeySa(HOUR)), two);
    assertEquals(
        "REGISTRATION: SA_KEY_OF_REKEY_SA 2 times",
        refused(REGISTRATION, TestGroup.policyOf(registered(signature())), two));
  }

  @Test
  void policiesAndKeysBelongTogether() {
    GroupPolicy policy = TestGroup.policyOf(rekeySa(HOUR));
    KeyDownload other = TestGroup.keysOf(TestGroup.ESP1, TestGroup.UNDER_GSK_W);
    assertEquals("ESP c1c1c1c1: keys without a policy", refused(REKEY, policy, other));
    KeyDownload none =
        new KeyDownload(
            List.of(), MemberKeyBag.ofWrapKeys(List.of(new WrappedKey(1, 3, Bytes.of(1)))));
    assertEquals(TestGroup.SA2 + ": policy without keys", refused(REKEY, policy, none));
  }

  @Test
  void ahAndEspForTheSameTrafficAreRefused() {
    GroupSaId ahId = new GroupSaId(ProtocolId.AH, Bytes.fromHex("d1d1d1d1"));
    DataSaPolicy ah = TestGroup.esp(ahId, new CipherSuite(0, 0, 12));
    GroupPolicy policy =
        new GroupPolicy(
            Optional.empty(),
            List.of(TestGroup.esp(TestGroup.ESP1, TestGroup.GCM), ah),
            Optional.empty());
    KeyDownload keys =
        new KeyDownload(
            List.of(
                GroupKeyBag.of(TestGroup.ESP1, TestGroup.UNDER_GSK_W),
                GroupKeyBag.of(ahId, TestGroup.UNDER_GSK_W)),
            MemberKeyBag.EMPTY);
    assertEquals("ESP c1c1c1c1: AH and ESP for the same traffic", refused(REKEY, policy, keys));
  }

  @Test
  void gcauthIsForRegistrationOnly() {
    GroupPolicy with = TestGroup.policyOf(registered(signature()));
    GroupPolicy without = TestGroup.policyOf(rekeySa(HOUR));
    assertEquals("REKEY: GCAUTH present", refused(REKEY, with, keys()));
    assertEquals("REGISTRATION: GCAUTH missing", refused(REGISTRATION, without, keys()));
    assertEquals(without, TestGroup.policyOf(with.rekeySa().orElseThrow().withoutAuthentication()));
  }

  private static String registrationRefused(
      GroupPolicy policy, KeyDownload keys, Optional<GroupSender> sender) {
    return String.valueOf(
        assertThrows(
                NotAllowedHereException.class,
                () -> ContextRules.checkRegistration(policy, keys, sender))
            .getMessage());
  }

  @Test
  void authKeyGoesWithDigitalSignaturesOnly() {
    GroupPolicy signed = TestGroup.policyOf(registered(signature()));
    GroupPolicy implicit = TestGroup.policyOf(registered(new RekeyAuthentication.Implicit()));
    Optional<GroupSender> receiver = Optional.empty();
    assertDoesNotThrow(() -> ContextRules.checkRegistration(signed, withAuthKey(keys()), receiver));
    assertDoesNotThrow(() -> ContextRules.checkRegistration(implicit, keys(), receiver));
    assertEquals("AUTH_KEY missing", registrationRefused(signed, keys(), receiver));
    assertEquals(
        "AUTH_KEY with implicit authentication",
        registrationRefused(implicit, withAuthKey(keys()), receiver));
    assertEquals(
        "GCAUTH 1024 is not supported",
        registrationRefused(
            TestGroup.policyOf(registered(new RekeyAuthentication.Unsupported(1024))),
            keys(),
            receiver));
  }

  /** Note 1 of both tables, in a group that is rekeyed inband. */
  @Test
  void senderIdsGoToSendersWithCounterModes() {
    GroupSaId id = TestGroup.ESP1;
    KeyDownload plain = TestGroup.keysOf(id, TestGroup.UNDER_GSK_W);
    GroupPolicy gcm = TestGroup.policyOf(TestGroup.esp(id, TestGroup.GCM));
    GroupPolicy gcmBits = withBits(gcm);
    GroupPolicy cbcBits = withBits(TestGroup.policyOf(TestGroup.esp(id, TestGroup.CBC)));
    Optional<GroupSender> two = Optional.of(new GroupSender(2));
    Optional<GroupSender> any = Optional.of(new GroupSender(0));

    assertDoesNotThrow(() -> ContextRules.checkRegistration(gcm, plain, Optional.empty()));
    assertDoesNotThrow(() -> ContextRules.checkRegistration(gcmBits, ids(plain, 2), two));
    assertDoesNotThrow(() -> ContextRules.checkRegistration(gcmBits, ids(plain, 1), two));
    assertDoesNotThrow(() -> ContextRules.checkRegistration(gcmBits, ids(plain, 1), any));
    assertEquals("GWP_SENDER_ID_BITS missing", registrationRefused(gcm, ids(plain, 1), two));
    assertEquals(
        "GWP_SENDER_ID_BITS present", registrationRefused(gcmBits, plain, Optional.empty()));
    assertEquals("GWP_SENDER_ID_BITS present", registrationRefused(cbcBits, ids(plain, 1), two));
    assertEquals("GM_SENDER_ID 0 times, 2 asked for", registrationRefused(gcmBits, plain, two));
    assertEquals(
        "GM_SENDER_ID 3 times, 2 asked for", registrationRefused(gcmBits, ids(plain, 3), two));
    assertEquals(
        "GM_SENDER_ID 1 times, 0 asked for",
        registrationRefused(gcm, ids(plain, 1), Optional.empty()));
  }

  private static GroupPolicy withBits(GroupPolicy policy) {
    return new GroupPolicy(
        policy.rekeySa(), policy.dataSas(), Optional.of(groupWide(OptionalInt.of(8))));
  }

  private static KeyDownload ids(KeyDownload keys, int count) {
    List<SenderId> ids = IntStream.range(0, count).mapToObj(SenderId::new).toList();
    return TestGroup.with(keys, MemberKeyBag.EMPTY.withSenderIds(ids));
  }
}

package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.protocol.gikev2.RekeySaUnderTest.fresh;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;

/** What a GSA_REKEY may hold, where it is sealed and where it is opened. */
class RekeyContentTest {
  private static RekeySaPolicy otherPolicy() {
    return TestGroup.rekeySa(TestGroup.SA2, TestGroup.GCM, SaAttributes.lifetime(99));
  }

  /** Section 4.5.3.1: the size of a WRAP_KEY is that of the Key Wrap Algorithm's keys. */
  @Test
  void wrapKeyOfAnotherSizeIsRefused() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member();
    for (int octets : new int[] {24, 40, 48}) {
      WrappedKey key = new WrappedKey(7, 8, Bytes.fromHex("77".repeat(octets)));
      KeyDownload keys =
          TestGroup.with(
              TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_1),
              MemberKeyBag.ofWrapKeys(List.of(key)));
      Bytes datagram = sa.sealOne(RekeyContent.of(TestGroup.policyOf(otherPolicy()), keys));
      if (octets == 40) {
        fresh(member, datagram);
      } else {
        assertThrows(NotAllowedHereException.class, () -> member.open(datagram, 0));
      }
    }
  }

  @Test
  void deletesTravelAloneOrWithKeys() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member();
    List<GroupDelete> deletes =
        List.of(new GroupDelete.AllDataSas(TestGroup.ESP1.protocol()), new GroupDelete.Excluded());
    RekeyContent alone = RekeyContent.ofDeletes(deletes);
    assertEquals(alone, fresh(member, sa.sealOne(alone)).content());
    RekeyContent both =
        new RekeyContent(
            TestGroup.newRekeySa().update(),
            List.of(new GroupDelete.Sas(List.of(TestGroup.ESP1))),
            List.of());
    assertEquals(both, fresh(member, sa.sealOne(both)).content());
  }

  @Test
  void authenticMessageThatBreaksARuleIsRefused() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member();
    KeyDownload senderId =
        TestGroup.with(
            TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_GSK_W),
            MemberKeyBag.EMPTY.withSenderIds(List.of(new SenderId(1))));
    RekeyContent content = RekeyContent.of(TestGroup.policyOf(otherPolicy()), senderId);
    assertThrows(NotAllowedHereException.class, () -> sa.sealOne(content));
    Bytes raw =
        sa.sealRaw(
            0,
            RekeySignature.signed(
                RekeySaUnderTest.header(0, false), content.payloads(), sa.signer));
    assertThrows(NotAllowedHereException.class, () -> member.open(raw, 0));
  }

  /** Section 3.2.1: a message that changes the membership brings no data SAs. */
  @Test
  void forwardAccessControlNeedsASecondMessage() {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    GroupPolicy policy =
        new GroupPolicy(
            Optional.of(otherPolicy()),
            List.of(TestGroup.esp(TestGroup.ESP1, TestGroup.GCM)),
            Optional.empty());
    GroupKeyBag esp = GroupKeyBag.of(TestGroup.ESP1, TestGroup.UNDER_GSK_W);
    KeyDownload underTree =
        new KeyDownload(
            List.of(GroupKeyBag.of(TestGroup.SA2, TestGroup.UNDER_1), esp), MemberKeyBag.EMPTY);
    assertThrows(
        NotAllowedHereException.class, () -> sa.sealOne(RekeyContent.of(policy, underTree)));
    assertEquals(0, sa.gcks.nextMessageId());
    KeyDownload simple =
        new KeyDownload(
            List.of(GroupKeyBag.of(TestGroup.SA2, TestGroup.UNDER_GSK_W), esp), MemberKeyBag.EMPTY);
    assertTrue(assertSeals(sa, RekeyContent.of(policy, simple)) > 0);
  }

  private static int assertSeals(RekeySaUnderTest sa, RekeyContent content) {
    try {
      return sa.sealOne(content).size();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tooManyWrapsForOneMessage() {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    WrappedKey[] wraps = new WrappedKey[2000];
    Arrays.fill(wraps, new WrappedKey(7, 8, Bytes.fromHex("77".repeat(40))));
    KeyDownload keys =
        TestGroup.with(
            TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_1),
            MemberKeyBag.ofWrapKeys(List.of(wraps)));
    IllegalArgumentException fault =
        assertThrows(
            IllegalArgumentException.class,
            () -> sa.sealOne(RekeyContent.of(TestGroup.policyOf(otherPolicy()), keys)));
    assertEquals("keys of 104108 octets: split the rekey", fault.getMessage());
    assertEquals(0, sa.gcks.nextMessageId());
  }
}

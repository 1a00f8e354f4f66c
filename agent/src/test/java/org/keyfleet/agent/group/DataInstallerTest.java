package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.DataInstaller.Sending;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupUpdate;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

class DataInstallerTest {
  private static final Sending RECEIVER = new Sending(false, List.of(), OptionalInt.empty());
  private static final int KEY_OCTETS = 20;

  private final DataPlane plane = new DataPlane((spi, upTo) -> {});
  private int unwrapped;

  @Test
  void keysOfEverySaAreUnwrappedBeforeTheFirstIsInstalled() throws Exception {
    try (DataInstaller prepared = prepare(RECEIVER)) {
      assertEquals(2, prepared.installs().size());
      assertEquals(2, unwrapped);
      assertTrue(prepared.installs().get(0).sender().isEmpty());
    }
  }

  /** RFC 9838 section 2.4.1.4: it "MUST NOT install the Data-Security SAs". */
  @Test
  void senderWithoutSenderIdInstallsNothing() {
    refused(new Sending(true, List.of(), OptionalInt.of(16)));
    refused(new Sending(true, List.of(new SenderId(1)), OptionalInt.empty()));
  }

  /** Section 2.5.2: "the GM MUST treat this as a fatal error and re-register". */
  @Test
  void senderIdThatDoesNotFitInstallsNothing() throws Exception {
    refused(new Sending(true, List.of(new SenderId(256)), OptionalInt.of(8)));
    try (DataInstaller fits =
        prepare(new Sending(true, List.of(new SenderId(255)), OptionalInt.of(8)))) {
      assertTrue(fits.installs().get(1).sender().isPresent());
    }
  }

  /** NO_SENDER_ID is what the membership turns into a registration. */
  private void refused(Sending sending) {
    InstallException refusal = assertThrows(InstallException.class, () -> prepare(sending).close());
    assertEquals(InstallException.Kind.NO_SENDER_ID, refusal.kind());
    assertEquals(0, unwrapped);
  }

  private DataInstaller prepare(Sending sending) throws InstallException {
    GroupPolicy policy =
        new GroupPolicy(
            Optional.empty(),
            List.of(TestPolicies.dataSa(0xa1000001), TestPolicies.dataSa(0xa1000002)),
            Optional.empty());
    List<GroupKeyBag> bags =
        policy.dataSas().stream()
            .map(sa -> GroupKeyBag.of(sa.id(), new WrappedKey(0, 0, Bytes.of(1))))
            .toList();
    return DataInstaller.ofRegistration(
        new GroupUpdate(policy, new KeyDownload(bags, MemberKeyBag.EMPTY)),
        true,
        sending,
        plane,
        key -> {
          unwrapped++;
          return SecretBytes.takeFrom(new byte[KEY_OCTETS]);
        },
        0);
  }
}

package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.data.ReplayMark;
import org.keyfleet.agent.group.GroupSnapshot.DataSaEntry;
import org.keyfleet.agent.group.GroupSnapshot.RekeySaEntry;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.RekeyAuthentication;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SignatureScheme;

class SnapshotCodecTest {
  private static final Bytes BLOB =
      Bytes.fromHex("00112233445566778899aabbccddeeff0011223344556677");
  private static final long WRITTEN = 1_700_000_500_000L;
  private static final ReplayMark MARK_2_AT_40 = new ReplayMark(2, 40);
  private static final Bytes DATA_SPI = Bytes.fromHex("a1000001");

  @Test
  void comesBackAsItWas() throws Exception {
    for (GroupSnapshot snapshot : List.of(snapshot(true), snapshot(false))) {
      assertEquals(snapshot, SnapshotCodec.decode(SnapshotCodec.encode(snapshot)));
    }
  }

  @Test
  void everyTruncationIsRefused() {
    Bytes octets = SnapshotCodec.encode(snapshot(true));
    for (int size = 0; size < octets.size(); size++) {
      Bytes cut = octets.slice(0, size);
      assertThrows(MalformedMessageException.class, () -> SnapshotCodec.decode(cut));
    }
  }

  @Test
  void laterVersionIsRefused() {
    byte[] octets = SnapshotCodec.encode(snapshot(true)).toArray();
    octets[0] = 4;
    assertThrows(MalformedMessageException.class, () -> SnapshotCodec.decode(Bytes.copyOf(octets)));
  }

  @Test
  void countersOnlyGoUp() {
    GroupSnapshot later = snapshot(true).withCounter(DATA_SPI, 5000, 0).withCounter(DATA_SPI, 7, 0);
    assertEquals(5000, later.dataSas().get(0).firstFreeCounter());
    assertEquals(
        snapshot(true), snapshot(true).withCounter(Bytes.fromHex("a1000002"), 9000, WRITTEN));
  }

  /** The latest mark of a sender holds, also one that is not as far ahead. */
  @Test
  void marksReplaceThoseOfTheSameSender() {
    GroupSnapshot later =
        snapshot(true)
            .withMarks(DATA_SPI, List.of(new ReplayMark(2, 50), new ReplayMark(1, 60)), 7)
            .withMarks(DATA_SPI, List.of(new ReplayMark(2, 40)), 8);
    assertEquals(
        List.of(new ReplayMark(1, 60), new ReplayMark(0x12340000L, 0x1_0000_0000L), MARK_2_AT_40),
        later.dataSas().get(0).received());
    assertEquals(8, later.writtenMillis());
  }

  static GroupSnapshot snapshot(boolean signed) {
    return new GroupSnapshot(
        WRITTEN,
        1_700_000_000_000L,
        7,
        new TreePolicy(signed, signed ? 16 : 0),
        new Timing(3, 60),
        signed ? List.of(new SenderId(1), new SenderId(0x1234)) : List.of(),
        signed ? OptionalInt.of(16) : OptionalInt.empty(),
        new KeyPathBook(
            WorkingKeyPath.of(9, 8, 7),
            new KeyName("kf.root", Bytes.fromHex("010203")),
            signed
                ? Optional.empty()
                : Optional.of(new KeyName("kf.root-releaser", Bytes.fromHex("04"))),
            List.of(new WrappedKey(9, 8, BLOB), new WrappedKey(8, 7, BLOB))),
        new RekeySaEntry(
            rekeyPolicy(signed),
            signed ? Optional.of(Bytes.fromHex("3003020100")) : Optional.empty(),
            0x1_0000_0000L,
            AgentClock.NEVER,
            List.of(new WrappedKey(0, 9, BLOB), new WrappedKey(0, 0, BLOB))),
        List.of(
            new DataSaEntry(
                dataPolicy(),
                signed,
                signed,
                1025,
                List.of(new ReplayMark(1, 33), new ReplayMark(0x12340000L, 0x1_0000_0000L)),
                1_700_000_900_000L,
                !signed,
                BLOB)));
  }

  private static RekeySaPolicy rekeyPolicy(boolean signed) {
    return new RekeySaPolicy(
        GroupSaId.rekey(Bytes.fromHex("000102030405060708090a0b0c0d0e0f")),
        TrafficSelector.of(17, Bytes.fromHex("0a4d0001"), 848),
        TrafficSelector.of(17, Bytes.fromHex("efc00001"), 848),
        CipherSuite.aead(TransformIds.ENCR_AES_GCM_16, 256),
        KeyWrap.KW_5649_256.transformId(),
        Optional.of(
            signed
                ? new RekeyAuthentication.DigitalSignature(
                    SignatureScheme.ED25519.algorithmIdentifier())
                : new RekeyAuthentication.Implicit()),
        SaAttributes.lifetime(86_400));
  }

  private static DataSaPolicy dataPolicy() {
    return new DataSaPolicy(
        GroupSaId.esp(DATA_SPI),
        TrafficSelector.of(17, Bytes.fromHex("0a4d0001"), 0),
        TrafficSelector.of(17, Bytes.fromHex("efc00002"), 5000),
        CipherSuite.aead(TransformIds.ENCR_AES_GCM_16, 128),
        SequenceNumbers.UNSPECIFIED_32,
        SaAttributes.lifetime(3600).withNextSpis(List.of(Bytes.fromHex("a1000002"))));
  }
}

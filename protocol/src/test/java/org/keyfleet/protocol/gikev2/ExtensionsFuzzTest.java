package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Small decoders: private-use attributes, GROUP_SENDER, Sender-IDs, Deletes. */
@Tag("fuzz")
class ExtensionsFuzzTest {
  @FuzzTest
  void refusedOrReadAgainTheSame(FuzzedDataProvider data) {
    int kind = data.consumeInt(0, 4);
    try {
      switch (kind) {
        case 0 -> gkma(Bytes.copyOf(data.consumeRemainingAsBytes()));
        case 1 -> agree(Bytes.copyOf(data.consumeRemainingAsBytes()));
        case 2 -> sender(Bytes.copyOf(data.consumeRemainingAsBytes()));
        case 3 -> senderId(Bytes.copyOf(data.consumeRemainingAsBytes()));
        default -> delete(data.consumeInt(0, 255), Bytes.copyOf(data.consumeBytes(16)));
      }
    } catch (MalformedMessageException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  private static void gkma(Bytes value) throws MalformedMessageException {
    KfGkma read = KfGkma.find(policyWith(Attribute.tlv(16384, value))).orElseThrow();
    assertEquals(Optional.of(read), KfGkma.find(policyWith(read.toAttribute())));
  }

  private static RekeySaPolicy policyWith(Attribute attribute) {
    return TestGroup.rekeySa(
        TestGroup.SA1, TestGroup.GCM, SaAttributes.NONE.withOthers(List.of(attribute)));
  }

  private static void agree(Bytes value) throws MalformedMessageException {
    MemberKeyBag bag = MemberKeyBag.EMPTY.withOthers(List.of(Attribute.tlv(16385, value)));
    KfAgree read = KfAgree.find(bag).orElseThrow();
    MemberKeyBag again = MemberKeyBag.EMPTY.withOthers(List.of(read.toAttribute()));
    assertEquals(Optional.of(read), KfAgree.find(again));
  }

  private static void sender(Bytes value) throws MalformedMessageException {
    GroupSender read = GroupSender.of(NotifyPayload.of(NotifyType.GROUP_SENDER, value));
    assertEquals(value, read.toPayload().data());
  }

  private static void senderId(Bytes value) throws MalformedMessageException {
    SenderId read = SenderId.decode(value);
    assertEquals(read, SenderId.decode(read.encode(SenderId.MAX_BITS)));
  }

  private static void delete(int protocol, Bytes spi) throws MalformedMessageException {
    List<Bytes> spis = spi.isEmpty() ? List.of() : List.of(spi);
    GroupDelete read = GroupDelete.of(new DeletePayload(protocol, spis));
    assertEquals(read, GroupDelete.of(read.toPayload()));
  }
}

package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Any octets as KD: refused, or read as something that is written and read again the same. */
@Tag("fuzz")
class KeyDownloadFuzzTest {
  @FuzzTest
  void whatParsesReencodes(FuzzedDataProvider data) throws MalformedMessageException {
    Bytes octets = Bytes.copyOf(data.consumeRemainingAsBytes());
    KeyDownload keys;
    try {
      keys = KeyDownload.decode(octets.reader());
    } catch (MalformedMessageException refused) {
      return;
    }
    // Sender-IDs and merged bags may take more octets than they came in, but never too many
    if (octets.size() < 30_000) {
      assertEquals(keys, KeyDownload.of(keys.toPayload(OptionalInt.empty())));
    }
    for (GroupKeyBag bag : keys.groupBags()) {
      try {
        walk(keys, bag);
      } catch (MalformedMessageException refused) {
        return; // its chains
      }
    }
  }

  /** A plan ends with the SA_KEY, and each step is wrapped by one before it or by a key held. */
  private static void walk(KeyDownload keys, GroupKeyBag bag) throws MalformedMessageException {
    WorkingKeyPath held = WorkingKeyPath.of(1, 3, 7);
    check(KeyPathResolver.onRekey(keys, bag, KfChain.NONE, held), held);
    check(KeyPathResolver.onRekey(keys, bag, KfChain.find(keys.memberBag()), held), held);
    check(
        KeyPathResolver.atRegistration(keys, bag, OptionalLong.of(9), WorkingKeyPath.EMPTY),
        WorkingKeyPath.of(9));
  }

  private static void check(KeyPathPlan plan, WorkingKeyPath roots) {
    if (!(plan instanceof KeyPathPlan.Reachable reachable)) {
      return;
    }
    long unwrapped = reachable.steps().get(0).kwkId();
    if (unwrapped != WrappedKey.DEFAULT_KWK && !roots.holds(unwrapped)) {
      throw new AssertionError("starts at " + unwrapped);
    }
    for (WrappedKey step : reachable.steps()) {
      assertEquals(unwrapped, step.kwkId());
      unwrapped = step.keyId();
    }
    assertEquals(WrappedKey.SA_KEYING_MATERIAL, unwrapped);
  }
}

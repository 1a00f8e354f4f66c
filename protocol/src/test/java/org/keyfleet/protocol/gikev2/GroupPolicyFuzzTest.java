package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Any octets as GSA: refused, or read as something that is written and read again the same. */
@Tag("fuzz")
class GroupPolicyFuzzTest {
  @FuzzTest
  void whatParsesReencodes(FuzzedDataProvider data) throws MalformedMessageException {
    Bytes octets = Bytes.copyOf(data.consumeRemainingAsBytes());
    GroupPolicy policy;
    try {
      policy = GroupPolicy.decode(octets.reader());
    } catch (MalformedMessageException refused) {
      return;
    }
    assertEquals(policy, GroupPolicy.of(policy.toPayload()));
  }
}

package org.keyfleet.gcks.enrolment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.Bytes;

/** A request comes from a device nobody trusts yet. */
@Tag("fuzz")
class DeviceRequestFuzzTest {
  @FuzzTest
  void anyOctetsAreVerifiedOrRefused(byte[] input) {
    try {
      DeviceRequest.verify(Bytes.copyOf(input), Optional.empty());
    } catch (EnrolmentException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}

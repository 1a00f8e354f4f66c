package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Any datagram on a Rekey SA: refused, and the member's state is as before. */
@Tag("fuzz")
class RekeyOpenerFuzzTest {
  private static final RekeySuite SUITE = TestGroup.suite(TestGroup.GCM);
  private static final RekeySaKeys KEYS = TestGroup.keys(SUITE);

  @FuzzTest
  void nobodyGetsInWithoutTheKey(FuzzedDataProvider data) throws NotAllowedHereException {
    RekeySaPolicy policy =
        TestGroup.rekeySa(
            TestGroup.SA1, TestGroup.GCM, SaAttributes.lifetime(60).withInitialMessageId(7));
    try (RekeyOpener member =
        new RekeyOpener(
            TestGroup.SA1,
            SUITE,
            KEYS,
            new RekeyVerifier.ByIcv(),
            MessageIdGuard.starting(policy, OptionalLong.empty()))) {
      RekeyOpening opening = member.open(Bytes.copyOf(data.consumeRemainingAsBytes()), 0);
      if (!(opening instanceof RekeyOpening.Stale)) {
        throw new AssertionError(opening.toString());
      }
      assertEquals(7, member.nextMessageId());
    } catch (MalformedMessageException | NotAuthenticException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }
}

package org.keyfleet.agent.registration;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Whatever a peer sends, with or without the right keys, makes the machine throw nothing. */
@Tag("fuzz")
class RegistrationMachineFuzzTest {
  @FuzzTest
  void anyPeer(FuzzedDataProvider data) throws Exception {
    new AnyPeer(Choices.of(data), new byte[] {1}).play();
  }
}

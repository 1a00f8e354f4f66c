package org.keyfleet.hsm.smartcard;

import org.junit.jupiter.api.Tag;
import org.keyfleet.hsm.CustodyConfig;

/** The same through pcscd: messages of 10 KB come in some 40 commands. */
@Tag("interop")
final class PcscRekeyGateTest extends RekeyGateChecks {
  @Override
  CustodyConfig.Card newCard() throws Exception {
    return PcscFixtures.create(PIN);
  }
}

package org.keyfleet.hsm.smartcard;

import java.io.IOException;
import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;

/** Cards behind pcscd. */
final class PcscFixtures {
  private PcscFixtures() {}

  /** A blank card with a PIN, in the virtual reader. */
  static CustodyConfig.Card create(String pin) throws Exception {
    VirtualReader.shared().newCard();
    CustodyConfig.Card config = new CustodyConfig.Card(new PcscReader(VirtualPcscd.READER), true);
    awaitCard(config, pin);
    return config;
  }

  /** pcscd looks for cards a few times a second. */
  private static void awaitCard(CustodyConfig.Card config, String pin) throws Exception {
    Patience.until(
        "pcscd sees the card",
        () -> {
          try {
            CustodyFactory.initialize(
                config, pin.toCharArray(), CardFixtures.PUK.toCharArray(), new SecureRandom());
            return true;
          } catch (CustodyException e) {
            if (e.fault() == CustodyFault.TOKEN_GONE) {
              return false;
            }
            throw e;
          }
        });
  }

  static void lose() throws Exception {
    VirtualReader.shared().pull();
  }

  static void giveBack() throws Exception {
    VirtualReader.shared().putBack();
    CardReader reader = new PcscReader(VirtualPcscd.READER);
    Patience.until(
        "pcscd sees the card again",
        () -> {
          try (CardChannel channel = reader.connect()) {
            return channel.transmit(new byte[] {0, 0, 0, 0}).length == 2;
          } catch (IOException e) {
            return false;
          }
        });
  }
}

package org.keyfleet.hsm.smartcard;

import java.util.Map;
import org.keyfleet.hsm.CustodyFault;

/** What the applet's status words (ISO/IEC 7816-4 section 5.6) mean for custody. */
final class StatusWord {
  static final int OK = 0x9000;

  private static final int WRONG_PIN = 0x63C0;
  private static final int TRIES_MASK = 0x000F;

  private static final Map<Integer, CustodyFault> FAULTS =
      Map.ofEntries(
          Map.entry(0x6A80, CustodyFault.BAD_WRAP),
          Map.entry(0x6A88, CustodyFault.NO_KEY),
          Map.entry(0x6A89, CustodyFault.EXISTS),
          Map.entry(0x6985, CustodyFault.POLICY),
          Map.entry(0x6987, CustodyFault.POLICY),
          Map.entry(0x6984, CustodyFault.POLICY),
          Map.entry(0x6986, CustodyFault.POLICY),
          Map.entry(0x6989, CustodyFault.POLICY),
          Map.entry(0x6988, CustodyFault.BAD_WRAP),
          Map.entry(0x6983, CustodyFault.PIN_LOCKED),
          // the PIN was given when the session began: the card was reset since
          Map.entry(0x6982, CustodyFault.TOKEN_GONE),
          // and so was it when it does not know the applet's commands any more
          Map.entry(0x6D00, CustodyFault.TOKEN_GONE),
          Map.entry(0x6E00, CustodyFault.TOKEN_GONE),
          // no such applet
          Map.entry(0x6A82, CustodyFault.UNSUPPORTED));

  /** Why, where the fault alone does not tell. */
  private static final Map<Integer, String> REASONS =
      Map.of(
          0x6984, "the message is of another Rekey SA than the card is at",
          0x6986, "the key is in no rekey message that the card verified",
          0x6987, "the message is not newer than the last",
          0x6988, "the signature is not the GCKS's",
          0x6989, "the GCKS's key is not the one that the card was given");

  private StatusWord() {}

  /** ": " and why, or nothing. */
  static String reason(int statusWord) {
    String reason = REASONS.get(statusWord);
    return reason == null ? "" : ": " + reason;
  }

  static CustodyFault fault(int statusWord) {
    if ((statusWord & ~TRIES_MASK) == WRONG_PIN) {
      return triesLeft(statusWord) == 0 ? CustodyFault.PIN_LOCKED : CustodyFault.PIN;
    }
    return FAULTS.getOrDefault(statusWord, CustodyFault.INTERNAL);
  }

  /** How often a PIN may still be wrong, of a status word that says so. */
  static int triesLeft(int statusWord) {
    return statusWord & TRIES_MASK;
  }
}

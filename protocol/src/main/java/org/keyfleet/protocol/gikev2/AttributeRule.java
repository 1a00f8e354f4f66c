package org.keyfleet.protocol.gikev2;

import static org.keyfleet.protocol.gikev2.AttributeRule.Count.ANY;
import static org.keyfleet.protocol.gikev2.AttributeRule.Count.AT_LEAST_ONE;
import static org.keyfleet.protocol.gikev2.AttributeRule.Count.CONDITIONAL;
import static org.keyfleet.protocol.gikev2.AttributeRule.Count.NEVER;
import static org.keyfleet.protocol.gikev2.AttributeRule.Count.ONE;
import static org.keyfleet.protocol.gikev2.AttributeRule.Count.OPTIONAL;

/**
 * How often an attribute may stand in its substructure: RFC 9838 section 5, tables 9 (multicast
 * rekey) and 10 (inband rekey). The notes of the tables are CONDITIONAL here and decided in {@link
 * ContextRules}.
 */
enum AttributeRule {
  //                     registration   GSA_REKEY     inband reg.   GSA_INBAND_REKEY
  GSA_KEY_LIFETIME(/*      */ ONE, /*    */ ONE, /*     */ OPTIONAL, /* */ OPTIONAL),
  GSA_INITIAL_MESSAGE_ID(/**/ OPTIONAL, OPTIONAL, /*    */ NEVER, /*   */ NEVER),
  GSA_NEXT_SPI(/*          */ ANY, /*    */ ANY, /*     */ NEVER, /*   */ NEVER),
  GWP_ATD(/*               */ OPTIONAL, OPTIONAL, /*    */ OPTIONAL, OPTIONAL),
  GWP_DTD(/*               */ OPTIONAL, OPTIONAL, /*    */ OPTIONAL, OPTIONAL),
  GWP_SENDER_ID_BITS(/*    */ CONDITIONAL, NEVER, /*    */ CONDITIONAL, NEVER), // note 1
  SA_KEY_OF_REKEY_SA(/*    */ ONE, /*    */ AT_LEAST_ONE, ONE, /*      */ ONE), // note 2
  SA_KEY_OF_DATA_SA(/*     */ ONE, /*    */ ONE, /*     */ ONE, /*     */ ONE), // note 2
  WRAP_KEY(/*              */ ANY, /*    */ ANY, /*     */ NEVER, /*   */ NEVER), // note 3
  AUTH_KEY(/*              */ CONDITIONAL, OPTIONAL, /* */ NEVER, /*   */ NEVER), // note 4
  GM_SENDER_ID(/*          */ CONDITIONAL, NEVER, /*    */ CONDITIONAL, NEVER); // note 1

  /** The notation of section 5: S, [S], M, "-". */
  enum Count {
    NEVER(0, 0),
    ONE(1, 1),
    OPTIONAL(0, 1),
    ANY(0, Integer.MAX_VALUE),
    AT_LEAST_ONE(1, Integer.MAX_VALUE),
    CONDITIONAL(0, Integer.MAX_VALUE);

    private final int min;
    private final int max;

    Count(int min, int max) {
      this.min = min;
      this.max = max;
    }

    boolean admits(int count) {
      return count >= min && count <= max;
    }
  }

  private final Count registration;
  private final Count rekey;
  private final Count inbandRegistration;
  private final Count inbandRekey;

  AttributeRule(Count registration, Count rekey, Count inbandRegistration, Count inbandRekey) {
    this.registration = registration;
    this.rekey = rekey;
    this.inbandRegistration = inbandRegistration;
    this.inbandRekey = inbandRekey;
  }

  Count in(MessageContext context) {
    return switch (context) {
      case REGISTRATION -> registration;
      case REKEY -> rekey;
      case INBAND_REGISTRATION -> inbandRegistration;
      case INBAND_REKEY -> inbandRekey;
    };
  }

  void check(MessageContext context, int count) throws NotAllowedHereException {
    if (!in(context).admits(count)) {
      throw new NotAllowedHereException(context + ": " + this + " " + count + " times");
    }
  }
}

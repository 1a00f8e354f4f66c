package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.suite.KeyExchangeMethod;

/** What a responder makes of the proposals of an IKE_SA_INIT request. */
public sealed interface SuiteChoice {

  /**
   * A suite that fits the KE payload.
   *
   * @param answer the SA payload of the response: the chosen proposal with one transform a type
   */
  record Chosen(IkeSuite suite, SaPayload answer) implements SuiteChoice {}

  /** A suite exists, with another method than that of the KE payload: INVALID_KE_PAYLOAD. */
  record OtherKeyExchange(KeyExchangeMethod wanted) implements SuiteChoice {}

  /** Nothing fits: NO_PROPOSAL_CHOSEN. */
  record None() implements SuiteChoice {}
}

package org.keyfleet.protocol.gikev2;

/** In which message a GSA and a KD payload came: the columns of RFC 9838 tables 9 and 10. */
public enum MessageContext {
  /** GSA_AUTH or GSA_REGISTRATION in a group with multicast rekey. */
  REGISTRATION,
  /** GSA_REKEY. */
  REKEY,
  /** GSA_AUTH or GSA_REGISTRATION in a group that is rekeyed by GSA_INBAND_REKEY. */
  INBAND_REGISTRATION,
  /** GSA_INBAND_REKEY. */
  INBAND_REKEY;

  /** A registration is for multicast rekey when the GCKS sends the policy of a Rekey SA. */
  public static MessageContext ofRegistration(GroupPolicy policy) {
    return policy.rekeySa().isPresent() ? REGISTRATION : INBAND_REGISTRATION;
  }

  boolean isRegistration() {
    return this == REGISTRATION || this == INBAND_REGISTRATION;
  }
}

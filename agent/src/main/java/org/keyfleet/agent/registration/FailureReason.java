package org.keyfleet.agent.registration;

/** Why a registration did not come about. */
public enum FailureReason {
  /** No answer. */
  NOT_REACHABLE(true),
  /** The GCKS has no suite in common with us. */
  NO_COMMON_SUITE(true),
  /** The GCKS did not prove its identity: wrong certificate, CA, identity or AUTH. */
  GCKS_NOT_AUTHENTIC(true),
  /** Its certificate is not valid at the time that our clock shows. */
  CLOCK(true),
  /** An error from somebody who did not prove to be the GCKS: anybody can have sent it. */
  UNPROVED_REFUSAL(true),
  /** The GCKS did not believe our identity. */
  NOT_AUTHENTICATED(false),
  /** AUTHORIZATION_FAILED: we may not be a member. */
  NOT_AUTHORISED(false),
  /** INVALID_GROUP_ID: there is no such group. */
  NO_SUCH_GROUP(false),
  /** REGISTRATION_FAILED: not now. */
  GROUP_UNAVAILABLE(true),
  /** NO_PROPOSAL_CHOSEN, or a policy that we cannot follow. */
  POLICY(false),
  /** The identity key could not sign. */
  TOKEN(true),
  /** The GCKS answers against the rules. */
  PROTOCOL(true);

  private final boolean passing;

  FailureReason(boolean passing) {
    this.passing = passing;
  }

  /** Whether it may be better soon, without anybody changing our rights or configuration. */
  public boolean isPassing() {
    return passing;
  }
}

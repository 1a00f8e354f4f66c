package org.keyfleet.gcks.group;

import org.keyfleet.protocol.ike.GsaPayload;
import org.keyfleet.protocol.ike.KdPayload;
import org.keyfleet.protocol.ike.NotifyType;

/** The group's answer to a {@link JoinRequest}. */
public sealed interface JoinOutcome {
  /** The policy and keys for the response; all of it is durable. */
  record Granted(GsaPayload gsa, KdPayload kd, boolean keepIkeSa) implements JoinOutcome {}

  /** INVALID_GROUP_ID, AUTHORIZATION_FAILED, REGISTRATION_FAILED or NO_PROPOSAL_CHOSEN. */
  record Refused(NotifyType reason) implements JoinOutcome {}
}

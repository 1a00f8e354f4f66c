package org.keyfleet.agent.registration;

import java.util.Optional;
import java.util.function.Supplier;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.PayloadList;

/** What an error notify in place of an answer means, and what the user reads of it. */
final class Refusals {
  private Refusals() {}

  /**
   * An error without IDr and AUTH. RFC 7296 section 2.21.2: "if the peer receiving this
   * notification has not authenticated the other end yet, that peer needs to treat the information
   * with caution". Whoever answered IKE_SA_INIT first can have sent it, so it is told and decides
   * nothing.
   *
   * @param doubts what may be wrong with our own credential
   */
  static Failure unproved(PayloadList payloads, Supplier<String> doubts) {
    Optional<NotifyPayload> error = payloads.error();
    if (error.isEmpty()) {
      return new Failure(
          FailureReason.GCKS_NOT_AUTHENTIC, "whoever answered does not prove that it is the GCKS");
    }
    return new Failure(
        FailureReason.UNPROVED_REFUSAL,
        "whoever answered refuses: "
            + error.get().typeName()
            + ", without proving that it is the GCKS"
            + advice(error.get(), doubts));
  }

  /** An error of the authenticated GCKS. */
  static Failure proved(PayloadList payloads, Supplier<String> doubts) {
    Optional<NotifyPayload> error = payloads.error();
    if (error.isEmpty()) {
      return new Failure(
          FailureReason.PROTOCOL, "the GCKS answers without group policy and without an error");
    }
    return new Failure(
        reason(error.get()),
        "the GCKS answers " + error.get().typeName() + advice(error.get(), doubts));
  }

  private static FailureReason reason(NotifyPayload error) {
    if (error.is(NotifyType.AUTHENTICATION_FAILED)) {
      return FailureReason.NOT_AUTHENTICATED;
    }
    if (error.is(NotifyType.AUTHORIZATION_FAILED)) {
      return FailureReason.NOT_AUTHORISED;
    }
    if (error.is(NotifyType.INVALID_GROUP_ID)) {
      return FailureReason.NO_SUCH_GROUP;
    }
    if (error.is(NotifyType.REGISTRATION_FAILED) || error.is(NotifyType.TEMPORARY_FAILURE)) {
      return FailureReason.GROUP_UNAVAILABLE;
    }
    return error.is(NotifyType.NO_PROPOSAL_CHOSEN) ? FailureReason.POLICY : FailureReason.PROTOCOL;
  }

  /** What the user can look at; empty where nothing helps. */
  private static String advice(NotifyPayload error, Supplier<String> doubts) {
    if (error.is(NotifyType.AUTHENTICATION_FAILED)) {
      return ": " + doubts.get();
    }
    if (error.is(NotifyType.AUTHORIZATION_FAILED)) {
      return ": the operator must admit this member";
    }
    return error.is(NotifyType.INVALID_GROUP_ID) ? ": check the group's name" : "";
  }
}

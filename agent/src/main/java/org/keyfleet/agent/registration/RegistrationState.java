package org.keyfleet.agent.registration;

import java.util.Optional;

/** Where a registration stands. */
public sealed interface RegistrationState {
  /** Nothing was started, or all is over. */
  record Idle() implements RegistrationState {}

  /**
   * IKE_SA_INIT is on its way.
   *
   * @param hint an error notify that came unprotected: the reason given when nothing better follows
   *     by the end of all retransmissions
   */
  record AwaitInit(InitAttempt attempt, Outstanding request, Optional<Failure> hint)
      implements RegistrationState {}

  /** The identity key signs. */
  record AwaitSignature(IkeSa sa) implements RegistrationState {}

  /** GSA_AUTH or IKE_AUTH is on its way. */
  record AwaitAuth(IkeSa sa, Outstanding request) implements RegistrationState {}

  /** The IKE SA stands; the GCKS may rekey through it or close it. */
  record Established(IkeSa sa) implements RegistrationState {}

  /**
   * GSA_REGISTRATION is on its way inside the IKE SA.
   *
   * @param origin what asked for it, when the IKE SA stood before: the GCKS may have forgotten it
   */
  record AwaitGroup(
      IkeSa sa, GroupRequest kind, Outstanding request, Optional<RegistrationEvent.Start> origin)
      implements RegistrationState {}

  /** Why it failed, for the operator. */
  record Failure(FailureReason reason, String text) {}

  /** What a GSA_REGISTRATION asks for. */
  enum GroupRequest {
    REGISTER,
    LEAVE,
    REFUSE
  }
}

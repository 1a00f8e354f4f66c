package org.keyfleet.agent.registration;

import java.util.Optional;

/** Where a registration stands. */
public sealed interface RegistrationState {
  /** Wipes the keys that the state owns. */
  default void wipe() {}

  /** A state with an IKE SA, whose keys it owns. */
  sealed interface Keyed extends RegistrationState {
    IkeSa sa();

    @Override
    default void wipe() {
      sa().close();
    }
  }

  /** A state that ends with a response, or with patience. */
  sealed interface Waiting extends RegistrationState {
    Outstanding request();

    /** The same after the request was sent again. */
    Waiting with(Outstanding again);
  }

  /** Nothing was started, or all is over. */
  record Idle() implements RegistrationState {}

  /**
   * IKE_SA_INIT is on its way.
   *
   * @param hint an error notify that came unprotected: the reason given when nothing better follows
   *     by the end of all retransmissions
   */
  record AwaitInit(InitAttempt attempt, Outstanding request, Optional<Failure> hint)
      implements Waiting {
    @Override
    public AwaitInit with(Outstanding again) {
      return new AwaitInit(attempt, again, hint);
    }

    AwaitInit withHint(Failure failure) {
      return new AwaitInit(attempt, request, Optional.of(failure));
    }

    @Override
    public void wipe() {
      attempt.share().close();
    }
  }

  /** The identity key signs. */
  record AwaitSignature(IkeSa sa) implements Keyed {}

  /** GSA_AUTH or IKE_AUTH is on its way. */
  record AwaitAuth(IkeSa sa, Outstanding request) implements Keyed, Waiting {
    @Override
    public AwaitAuth with(Outstanding again) {
      return new AwaitAuth(sa, again);
    }
  }

  /** The IKE SA stands; the GCKS may rekey through it or close it. */
  record Established(IkeSa sa) implements Keyed {}

  /**
   * GSA_REGISTRATION is on its way inside the IKE SA.
   *
   * @param origin what asked for it, when the IKE SA stood before: the GCKS may have forgotten it
   */
  record AwaitGroup(
      IkeSa sa, GroupRequest kind, Outstanding request, Optional<RegistrationEvent.Start> origin)
      implements Keyed, Waiting {
    @Override
    public AwaitGroup with(Outstanding again) {
      return new AwaitGroup(sa, kind, again, origin);
    }
  }

  /** Why it failed, for the operator. */
  record Failure(FailureReason reason, String text) {}

  /** What a GSA_REGISTRATION asks for. */
  enum GroupRequest {
    REGISTER,
    LEAVE,
    REFUSE
  }
}

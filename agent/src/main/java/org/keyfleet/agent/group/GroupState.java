package org.keyfleet.agent.group;

import org.keyfleet.agent.registration.FailureReason;

/** Where we stand with a group; {@link #word} is what {@code status} says. */
public sealed interface GroupState {
  /** Not a member and not trying to be one. */
  record Idle() implements GroupState {}

  /**
   * Waiting to register.
   *
   * @param attempt counts failures since the last success, from 0
   */
  record Waiting(long untilNanos, int attempt) implements GroupState {}

  /** Registering, without keys so far. */
  record Registering(int attempt) implements GroupState {}

  /**
   * A member.
   *
   * @param renewNanos when the SAs need a successor
   */
  record Member(long renewNanos) implements GroupState {}

  /**
   * A member that is about to register anew, still with its old SAs.
   *
   * @param must whether nothing else helps; if not, a rekey that is applied makes it needless
   */
  record RenewalWaiting(long untilNanos, int attempt, boolean must) implements GroupState {}

  /** A member that registers anew, still with its old SAs. */
  record Renewing(int attempt, boolean must) implements GroupState {}

  /** Excluded by a rekey or by the GCKS; asks again after a while. */
  record Excluded(long retryNanos, int attempt) implements GroupState {}

  /** Asking again after an exclusion. */
  record ExcludedAsking(int attempt) implements GroupState {}

  /** The GCKS does not take us, or we do not take its policy; asks again after a long while. */
  record Refused(FailureReason reason, long retryNanos, int attempt) implements GroupState {}

  /** Telling the GCKS that we leave. */
  record Leaving() implements GroupState {}

  /** One word for people and programs. */
  default String word() {
    if (this instanceof Idle) {
      return "idle";
    }
    if (this instanceof Waiting) {
      return "waiting";
    }
    if (this instanceof Registering) {
      return "registering";
    }
    if (this instanceof Excluded || this instanceof ExcludedAsking) {
      return "excluded";
    }
    if (this instanceof Refused) {
      return "refused";
    }
    return this instanceof Leaving ? "leaving" : "member";
  }
}

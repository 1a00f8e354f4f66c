package org.keyfleet.agent.group;

import org.keyfleet.agent.registration.FailureReason;

/** What happens to our membership as a whole. */
public sealed interface GroupEvent {
  /** The operator wants us in. */
  record Join() implements GroupEvent {}

  /** The operator wants us out. */
  record Leave() implements GroupEvent {}

  /** The journal gave a membership back. */
  record Restored(long renewNanos) implements GroupEvent {}

  /** A registration is installed. */
  record Registered(long renewNanos) implements GroupEvent {}

  /** A registration came to nothing. */
  record Failed(FailureReason reason) implements GroupEvent {}

  /** The GCKS took note that we leave. */
  record Left() implements GroupEvent {}

  /** A rekey is in use. */
  record Rekeyed(long renewNanos) implements GroupEvent {}

  /** There are signs of a rekey that we did not get. */
  record LostRekey() implements GroupEvent {}

  /** A rekey cannot be applied, or our numbers are used up: only a registration helps. */
  record NeedsRegistration() implements GroupEvent {}

  /** No key of ours opens the new group keys, or the GCKS said so. */
  record ExcludedNow() implements GroupEvent {}

  /** What a registration failed for is over: the next one need not wait as long. */
  record TokenIsBack() implements GroupEvent {}

  /** What we had is forgotten: register as if for the first time. */
  record StartOver() implements GroupEvent {}

  /** A deadline passed, or keys ended. */
  record Tick(boolean active) implements GroupEvent {}
}

package org.keyfleet.agent;

/** Exit codes of the agent's commands. */
enum ExitCode {
  DONE,
  FAILED,
  USAGE,
  /** The server, the broker or the running agent does not answer. */
  NOT_REACHABLE,
  /** Not authorised, or excluded from the group. */
  REFUSED,
  TOKEN
}

package org.keyfleet.gcks;

/** Exit codes of the server's commands. */
enum ExitCode {
  DONE,
  FAILED,
  USAGE,
  /** The broker or the running server does not answer. */
  NOT_REACHABLE,
  /** Not authorised, or excluded from the group. */
  REFUSED,
  TOKEN
}

package org.keyfleet.gcks.cli;

/** Exit codes of the server's commands. */
enum ExitCode {
  DONE(0),
  FAILED(1),
  USAGE(2),
  /** The broker or the running server does not answer. */
  NOT_REACHABLE(3),
  /** Not authorised, or excluded from the group. */
  REFUSED(4),
  TOKEN(5);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}

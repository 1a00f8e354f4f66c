package org.keyfleet.gcks.cli;

/** Exit codes of the server's commands. */
enum ExitCode {
  DONE(0, "done"),
  FAILED(1, "failed"),
  USAGE(2, "wrong command line or configuration"),
  NOT_REACHABLE(3, "the running server does not answer"),
  REFUSED(4, "not authorised, or excluded from the group"),
  TOKEN(5, "key custody: missing, wrong PIN, or it does not do its work");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  /** What {@code --help} says. */
  String meaning() {
    return meaning;
  }
}

package org.keyfleet.agent.cli;

/** Exit codes of the agent's commands. */
public enum ExitCode {
  DONE(0, "done"),
  FAILED(1, "failed"),
  USAGE(2, "wrong command line or configuration"),
  NOT_REACHABLE(3, "the server or the running agent does not answer"),
  REFUSED(4, "not authorised, or excluded from the group"),
  TOKEN(5, "token: missing, wrong PIN, or it does not do its work");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  /** What {@code --help} says. */
  String meaning() {
    return meaning;
  }

  /** What a running agent answered; an unknown number is a failure. */
  static ExitCode ofCode(int code) {
    for (ExitCode exitCode : values()) {
      if (exitCode.code == code) {
        return exitCode;
      }
    }
    return FAILED;
  }
}

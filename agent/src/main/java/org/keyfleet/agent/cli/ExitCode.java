package org.keyfleet.agent.cli;

/** Exit codes of the agent's commands. */
public enum ExitCode {
  DONE(0),
  FAILED(1),
  USAGE(2),
  /** The server, the broker or the running agent does not answer. */
  NOT_REACHABLE(3),
  /** Not authorised, or excluded from the group. */
  REFUSED(4),
  TOKEN(5);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
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

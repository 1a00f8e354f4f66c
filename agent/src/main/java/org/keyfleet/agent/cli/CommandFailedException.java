package org.keyfleet.agent.cli;

/** A command could not do what was asked; the message is one line that says what to do. */
final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  CommandFailedException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}

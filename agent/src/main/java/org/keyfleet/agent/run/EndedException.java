package org.keyfleet.agent.run;

/** The agent cannot go on and has to be started anew; the message is one line for the operator. */
public final class EndedException extends Exception {
  private static final long serialVersionUID = 1L;

  EndedException(String message) {
    super(message);
  }
}

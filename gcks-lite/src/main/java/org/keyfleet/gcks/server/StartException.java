package org.keyfleet.gcks.server;

/** The server cannot start; the message is one line that says what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }
}

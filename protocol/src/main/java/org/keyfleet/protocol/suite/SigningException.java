package org.keyfleet.protocol.suite;

/** The key could not sign: it is closed, or its token is gone or refuses. */
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1L;

  public SigningException(String message) {
    super(message);
  }

  public SigningException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.keyfleet.protocol.suite;

/** The key could not sign; the cause says why. */
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1L;

  public SigningException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.keyfleet.gcks.enrolment;

/** A certificate was not issued; the message is one line that says what to do. */
public final class EnrolmentException extends Exception {
  private static final long serialVersionUID = 1L;

  public EnrolmentException(String message) {
    super(message);
  }

  public EnrolmentException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.keyfleet.protocol.suite;

/**
 * Octets that are not what their sender claims: a wrong ICV, signature or wrapped key. All look the
 * same, and there is no stack trace: any sender on the network can cause it.
 */
public final class NotAuthenticException extends Exception {
  private static final long serialVersionUID = 1L;

  public NotAuthenticException() {
    super("not authentic", null, false, false);
  }
}

package org.keyfleet.protocol.pki;

/** A certificate chain proves nothing to us; the message says what an operator can do. */
public final class UntrustedCertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the chain. */
  public enum Reason {
    EXPIRED,
    NOT_YET_VALID,
    WRONG_CA,
    BAD_SIGNATURE,
    NOT_PERMITTED,
    MALFORMED,
    TOO_LONG
  }

  private final Reason reason;

  UntrustedCertificateException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

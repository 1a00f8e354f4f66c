package org.keyfleet.agent.journal;

/**
 * A journal cannot be believed: nothing of it may be used, and the member registers anew. A torn
 * last record is no such case; it is cut off in silence.
 */
public final class JournalException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Reason {
    /** Octets before the last record are damaged. */
    DAMAGED,
    /** A record's authentication fails: written by somebody else, or its key is another one. */
    NOT_AUTHENTIC,
    /** It belongs to a registration that was replaced: its root key is not in the token. */
    ROLLED_BACK,
    /** A later version of this program wrote it. */
    UNKNOWN_VERSION
  }

  private final Reason reason;

  public JournalException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

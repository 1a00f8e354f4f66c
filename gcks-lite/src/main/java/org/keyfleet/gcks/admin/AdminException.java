package org.keyfleet.gcks.admin;

/** A command was not done; the message is one line for the operator. */
public final class AdminException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, as exit codes tell it apart. */
  public enum Kind {
    FAILED,
    USAGE,
    NOT_REACHABLE,
    REFUSED,
    TOKEN
  }

  private final Kind kind;

  public AdminException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}

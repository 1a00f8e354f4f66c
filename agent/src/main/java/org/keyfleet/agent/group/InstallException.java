package org.keyfleet.agent.group;

/** Group keys or policy could not be installed; the state is what it was before. */
public final class InstallException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stood in the way. */
  public enum Kind {
    /** The policy asks for what this agent or its token cannot or must not do. */
    POLICY,
    /** The GCKS sent keys that do not fit together. */
    KEYS,
    /** We send, and have no Sender-ID for the SA: register anew (RFC 9838 section 2.4.1.4). */
    NO_SENDER_ID,
    /** The wall clock cannot be right. */
    CLOCK,
    /** The token does not answer. */
    TOKEN_GONE,
    /** The token has no room for another key. */
    TOKEN_FULL,
    /** The token refused. */
    TOKEN,
    /** The journal cannot be written. */
    DISK
  }

  private final Kind kind;

  InstallException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}

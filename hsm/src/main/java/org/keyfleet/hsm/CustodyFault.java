package org.keyfleet.hsm;

/** Why a token or the soft store did not do what was asked. */
public enum CustodyFault {
  /** A wrapped key is damaged, or was wrapped under another key. */
  BAD_WRAP,
  /** The token holds no such key. */
  NO_KEY,
  /** The token holds a key of that name already. */
  EXISTS,
  /** The key's role or the group's policy forbids the use. */
  POLICY,
  /** The PIN is wrong. */
  PIN,
  /** One try is left for the PIN: it is not spent without a person, and was not. */
  PIN_LAST_TRY,
  /** The PIN is locked; only the security officer can set it anew. */
  PIN_LOCKED,
  /** The token, its session or the reference is gone; {@code recover} may bring it back. */
  TOKEN_GONE,
  /** There is no room for another key; what is in the token stays, and the call may be repeated. */
  TOKEN_FULL,
  /** The token made a key with weaker attributes than asked; the key was destroyed. */
  CUSTODY_VIOLATION,
  /** The token cannot do this. */
  UNSUPPORTED,
  /** Anything else: a bug, or a token that answers out of its specification. */
  INTERNAL;

  /** Whether the PIN stands in the way. */
  public boolean isAboutPin() {
    return this == PIN || this == PIN_LAST_TRY || this == PIN_LOCKED;
  }

  /** Whether {@link KeyCustody#recover} may help, and the same call may be tried again after it. */
  public boolean recoverable() {
    return this == TOKEN_GONE;
  }
}

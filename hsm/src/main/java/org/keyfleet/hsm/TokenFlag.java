package org.keyfleet.hsm;

/** What a token says of itself without a login, after the flags of PKCS#11 2.40 section 3.2. */
public enum TokenFlag {
  /** It has a label and a security officer's PIN. */
  INITIALISED,
  /** The user's PIN is set. */
  PIN_SET,
  /** A wrong PIN was given since the last right one. */
  PIN_COUNT_LOW,
  /** The next wrong PIN locks it. */
  PIN_FINAL_TRY,
  /** Only the security officer can set the PIN anew. */
  PIN_LOCKED,
  /** The PIN is a first one or has expired. */
  PIN_TO_BE_CHANGED,
  /** The PIN is typed at the token or its reader, never here. */
  PROTECTED_AUTHENTICATION_PATH,
  WRITE_PROTECTED
}

package org.keyfleet.agent.config;

/** Which back end keeps the keys. */
public enum TokenKind {
  /** A PKCS#11 token. */
  PKCS11,
  /** A Java Card with our applet, in a PC/SC reader. */
  CARD,
  /** An encrypted file: for devices without a token. */
  SOFT
}

package org.keyfleet.hsm;

/**
 * Where keys live, the strongest first. A policy may demand a level; a back end below it is
 * refused, never used.
 */
public enum CustodyLevel {
  /** All keys of the tree live in the token and are unwrapped in it. */
  IN_TOKEN,
  /** The root key lives in the token; the keys under it pass through host memory. */
  TOKEN_ROOTED,
  /** Keys live in host memory and in an encrypted file. */
  HOST;

  /** Whether this level gives at least what {@code demanded} gives. */
  public boolean meets(CustodyLevel demanded) {
    return compareTo(demanded) <= 0;
  }
}

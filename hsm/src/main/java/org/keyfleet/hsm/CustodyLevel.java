package org.keyfleet.hsm;

/**
 * Where keys live, the strongest first. A policy may demand a level; a back end below it is
 * refused, never used.
 */
public enum CustodyLevel {
  /** All keys of the tree live in the token and are unwrapped in it. */
  IN_TOKEN,
  /**
   * A key in the token, with its PIN, opens the file of the other persistent keys: a copied disk
   * gives none of them. While it is open, they and what they unwrap are in host memory.
   */
  TOKEN_ROOTED,
  /** Keys live in host memory and in an encrypted file. */
  HOST;

  /** Whether this level gives at least what {@code demanded} gives. */
  public boolean meets(CustodyLevel demanded) {
    return compareTo(demanded) <= 0;
  }
}

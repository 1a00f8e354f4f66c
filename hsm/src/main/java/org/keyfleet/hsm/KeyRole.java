package org.keyfleet.hsm;

/**
 * What a key may do, fixed when it is made. A key that unwraps is a {@link #KEK_PARENT} (or {@link
 * #CHAIN}) or a {@link #RELEASER}, never both: what a parent unwraps stays in the token, and what a
 * releaser unwraps never becomes a key of the token.
 */
public enum KeyRole {
  /**
   * Unwraps keys that stay in the token. A {@link KeyLifetime#PERSISTENT} one (a root) also derives
   * keys; a key of the tree does not.
   */
  KEK_PARENT,
  /**
   * Unwraps keys that stay in the token and derives keys: a node of the tree in a group with
   * one-way function chains. Always a {@link KeyLifetime#SESSION} key.
   */
  CHAIN,
  /** Unwraps keys that are lent to the host. */
  RELEASER,
  /** Computes HMAC-SHA-256 (RFC 2104). */
  MAC,
  /** Signs and, where it is a P-256 key, agrees on keys. */
  IDENTITY;

  /** Whether it unwraps keys that stay in the token. */
  public boolean unwrapsInside() {
    return this == KEK_PARENT || this == CHAIN;
  }

  /** Whether a key of this role and lifetime derives others: roots do, and chains. */
  public boolean derives(KeyLifetime lifetime) {
    return this == CHAIN || (this == KEK_PARENT && lifetime == KeyLifetime.PERSISTENT);
  }
}

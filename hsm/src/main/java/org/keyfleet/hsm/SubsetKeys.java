package org.keyfleet.hsm;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * A token that holds the labels of one member of a subset difference group, and finds keys of
 * subsets by itself. Numbering and derivation are in docs/protocol-extensions.md.
 */
public interface SubsetKeys {
  /** What goes from a label to the one of the left child. */
  Bytes LEFT = Bytes.ofUtf8("keyfleet sd 1 L");

  /** What goes from the label of a subset to its key. */
  Bytes KEY = Bytes.ofUtf8("keyfleet sd 1 M");

  /** What goes from a label to the one of the right child. */
  Bytes RIGHT = Bytes.ofUtf8("keyfleet sd 1 R");

  /** Octets of a label and of a key. */
  int OCTETS = KeyDerivation.CHILD_OCTETS;

  /**
   * One step in host memory, for who has the label: the GCKS and the issuer.
   *
   * @param which {@link #LEFT}, {@link #KEY} or {@link #RIGHT}
   * @return the caller's, who closes it
   */
  static SecretBytes step(SecretBytes label, Bytes which) {
    return KeyDerivation.derive(label, which);
  }

  /**
   * Makes the key of a subset a session key of the role that the labels were given with.
   *
   * @param rank the number of the subset, which travels as KWK ID
   * @throws CustodyException NO_KEY if the subset leaves this member out or there are no labels,
   *     POLICY if the labels are for another role
   */
  KeyRef subsetKey(long rank, KeyName child, KeyRole role) throws CustodyException;
}

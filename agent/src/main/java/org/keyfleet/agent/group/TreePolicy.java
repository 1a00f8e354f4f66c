package org.keyfleet.agent.group;

/**
 * How the group uses its key tree, as the registration told.
 *
 * @param strict strict custody: keys of the tree wrap keys only, a releaser gives the Rekey SA's
 * @param chainOctets with one-way function chains the octets of a derived key, else 0
 */
record TreePolicy(boolean strict, int chainOctets) {
  /** Of a group whose key server told nothing. */
  static final TreePolicy PLAIN = new TreePolicy(false, 0);

  TreePolicy {
    if (chainOctets != 0 && chainOctets != 16 && chainOctets != 32) {
      throw new IllegalArgumentException("derived keys of " + chainOctets + " octets");
    }
  }

  /** Whether keys of the tree are derived from those below them. */
  boolean chains() {
    return chainOctets != 0;
  }
}

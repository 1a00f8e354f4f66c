package org.keyfleet.protocol.keytree.histories;

/** A group whose members come and go at random, and which is watched by an {@link Adversary}. */
interface Life {
  /**
   * One rekey.
   *
   * @throws AccessBroken when somebody reaches, now, a group key that is not for him
   */
  void event();

  Tally tally();
}

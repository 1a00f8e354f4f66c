package org.keyfleet.protocol.gikev2;

import java.util.List;

/** What a member has to do to get the keys of a new Rekey SA (RFC 9838 section 3.3). */
public sealed interface KeyPathPlan {

  /**
   * The keys can be had.
   *
   * @param steps unwrap them in this order: the first under a key held (or GSK_w, when its KWK ID
   *     is 0), each other one under a key from before it; the last is the SA_KEY
   * @param pathAfter the Working Key Path once the new Rekey SA is in use
   */
  record Reachable(List<WrappedKey> steps, WorkingKeyPath pathAfter) implements KeyPathPlan {
    public Reachable {
      steps = List.copyOf(steps);
    }

    /** The keying material of the SA: the last step. */
    public WrappedKey saKey() {
      return steps.get(steps.size() - 1);
    }

    /** The key-encrypting keys that are new to the member: all steps but the last. */
    public List<WrappedKey> wrapKeys() {
      return steps.subList(0, steps.size() - 1);
    }
  }

  /** "If it is unable to build a new Key Path, then it means that the GM is excluded". */
  record Excluded() implements KeyPathPlan {}
}

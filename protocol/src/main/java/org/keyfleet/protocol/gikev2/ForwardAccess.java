package org.keyfleet.protocol.gikev2;

/** Forward access control (RFC 9838 section 3.2.1): what the GCKS keeps apart. */
public final class ForwardAccess {
  private ForwardAccess() {}

  /**
   * "new TEK policy and the associated keys MUST NOT be included in a G-IKEv2 rekey message which
   * changes group membership": they would be protected with the old KEK only. A message changes the
   * membership when the keys of its Rekey SA go through a key tree.
   *
   * @throws NotAllowedHereException when one message would do both
   */
  public static void check(GroupPolicy policy, KeyDownload keys) throws NotAllowedHereException {
    boolean underTree =
        policy
            .rekeySa()
            .flatMap(sa -> keys.bag(sa.id()))
            .map(bag -> bag.saKeys().stream().anyMatch(key -> key.kwkId() != 0))
            .orElse(false);
    if (underTree && !policy.dataSas().isEmpty()) {
      throw new NotAllowedHereException("data SAs in a message that changes the membership");
    }
  }
}

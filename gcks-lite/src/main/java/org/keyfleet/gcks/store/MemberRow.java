package org.keyfleet.gcks.store;

/**
 * A registered member.
 *
 * @param leaf its place in the key tree; -1 in a group without a tree
 * @param keyId Key ID of its root key K_m
 * @param fragments whether it reassembles fragments (RFC 7383)
 */
public record MemberRow(
    String identity,
    int leaf,
    long keyId,
    boolean sender,
    boolean fragments,
    String authentication,
    String transport,
    long registeredMillis) {
  /** The same member at its place in the tree. */
  public MemberRow at(int newLeaf, long newKeyId) {
    return new MemberRow(
        identity,
        newLeaf,
        newKeyId,
        sender,
        fragments,
        authentication,
        transport,
        registeredMillis);
  }
}

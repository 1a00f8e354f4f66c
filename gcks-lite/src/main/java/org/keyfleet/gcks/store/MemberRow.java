package org.keyfleet.gcks.store;

/**
 * A registered member.
 *
 * @param leaf its place in the key tree; -1 in a group without a tree
 * @param keyId Key ID of its root key K_m
 */
public record MemberRow(
    String identity,
    int leaf,
    long keyId,
    boolean sender,
    String authentication,
    String transport,
    long registeredMillis) {}

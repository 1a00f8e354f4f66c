package org.keyfleet.protocol.gikev2;

/** New SAs of a group with the keys that go with them. */
public record GroupUpdate(GroupPolicy policy, KeyDownload keys) {}

package org.keyfleet.protocol.gikev2;

/** What a datagram on a Rekey SA turned out to be. */
public sealed interface RekeyOpening {

  /** The message is new: process it, then make the Message ID durable. */
  record Fresh(AuthenticRekey rekey) implements RekeyOpening {}

  /** A copy of a message processed before, a replay or a forgery of one; drop it. */
  record Stale(long messageId) implements RekeyOpening {}

  /** A fragment of a message that is not complete yet. */
  record Incomplete() implements RekeyOpening {}
}

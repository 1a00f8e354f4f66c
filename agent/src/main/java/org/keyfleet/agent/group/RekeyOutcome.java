package org.keyfleet.agent.group;

import java.util.Optional;
import org.keyfleet.protocol.gikev2.GroupSaId;

/**
 * What became of a rekey message.
 *
 * @param detail for the log; one line without secrets
 * @param unknown the Rekey SA it came over, when that is not one of ours
 */
public record RekeyOutcome(Kind kind, String detail, Optional<GroupSaId> unknown) {

  /** The kinds of outcome. */
  public enum Kind {
    /** Durable and in use. */
    APPLIED,
    /** A copy or a replay. */
    STALE,
    /** A fragment, or one that follows a message that is held; more to come. */
    INCOMPLETE,
    /** Damaged or forged. */
    IGNORED,
    /** Of a Rekey SA that we do not know: of another group, or of a time that we missed. */
    UNKNOWN_SA,
    /** Of an SA that the GCKS announced: the message that brings it was lost (GSA_NEXT_SPI). */
    ANNOUNCED_SA,
    /** No path leads to the new keys: we are excluded (RFC 9838 section 3.3). */
    EXCLUDED,
    /** The GCKS deletes the group SA or excludes everybody: register anew (section 2.4.3). */
    DELETED,
    /** It could not be applied and never will: register anew. */
    REGISTER_ANEW,
    /** The token does not answer; the message waits for it. */
    WAITS_FOR_TOKEN,
    /** The token is full; the message waits for room. */
    WAITS_FOR_ROOM,
    /** The journal cannot be written; the message waits for it. */
    WAITS_FOR_DISK
  }

  static RekeyOutcome of(Kind kind) {
    return of(kind, "");
  }

  static RekeyOutcome of(Kind kind, String detail) {
    return new RekeyOutcome(kind, detail, Optional.empty());
  }

  static RekeyOutcome unknown(Kind kind, GroupSaId sa) {
    return new RekeyOutcome(kind, "", Optional.of(sa));
  }

  /** What could not be applied: a fault that may pass makes it wait. */
  static RekeyOutcome of(InstallException e) {
    String detail = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case TOKEN_GONE -> of(Kind.WAITS_FOR_TOKEN, detail);
      case TOKEN_FULL -> of(Kind.WAITS_FOR_ROOM, detail);
      case DISK -> of(Kind.WAITS_FOR_DISK, detail);
      case POLICY, KEYS, NO_SENDER_ID, CLOCK, TOKEN -> of(Kind.REGISTER_ANEW, detail);
    };
  }

  /** Whether the message is held until token or disk are back, or have room. */
  public boolean waits() {
    return kind == Kind.WAITS_FOR_TOKEN
        || kind == Kind.WAITS_FOR_ROOM
        || kind == Kind.WAITS_FOR_DISK;
  }
}

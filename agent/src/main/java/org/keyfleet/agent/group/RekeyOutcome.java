package org.keyfleet.agent.group;

/**
 * What became of a rekey message.
 *
 * @param detail for the log; one line without secrets
 */
public record RekeyOutcome(Kind kind, String detail) {

  /** The kinds of outcome. */
  public enum Kind {
    /** Durable and in use. */
    APPLIED,
    /** A copy or a replay. */
    STALE,
    /** A fragment; more to come. */
    INCOMPLETE,
    /** Damaged or forged. */
    IGNORED,
    /** Of a Rekey SA that we do not know: of another group, or of a time that we missed. */
    UNKNOWN_SA,
    /** Of an SA that the GCKS announced: the message that brings it was lost (GSA_NEXT_SPI). */
    LOST_REKEY,
    /** No path leads to the new keys: we are excluded (RFC 9838 section 3.3). */
    EXCLUDED,
    /** The GCKS deletes the group SA or excludes everybody: register anew (section 2.4.3). */
    DELETED,
    /** It could not be applied and never will: register anew. */
    REGISTER_ANEW,
    /** The token or the disk does not answer; the message waits for it. */
    WAITING
  }

  static RekeyOutcome of(Kind kind) {
    return new RekeyOutcome(kind, "");
  }
}

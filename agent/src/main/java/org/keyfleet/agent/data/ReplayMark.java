package org.keyfleet.agent.data;

/**
 * What survives a restart of one replay window: of this sender nothing below is taken any more.
 *
 * @param sender the upper half of its IVs (RFC 6054), 0 to 2^32-1; 0 in an SA with one sender
 * @param below a sequence number, 1 to 2^33
 */
public record ReplayMark(long sender, long below) {
  /** Behind the last number by more than marks are ahead of it. */
  public static final long MAX_BELOW = 1L << 33;

  public ReplayMark {
    if (sender < 0 || sender > 0xffff_ffffL || below < 1 || below > MAX_BELOW) {
      throw new IllegalArgumentException("replay mark " + below + " of sender " + sender);
    }
  }
}

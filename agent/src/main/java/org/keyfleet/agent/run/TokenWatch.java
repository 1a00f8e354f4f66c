package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.random.RandomGenerator;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;

/**
 * Notices a lost token and brings it back, in the same process, with growing waits; but never with
 * a PIN that the token has refused.
 */
final class TokenWatch {
  private static final Logger LOG = System.getLogger(TokenWatch.class.getName());
  private static final long SECOND = 1_000_000_000L;
  private static final long CHECK_NANOS = 10 * SECOND;
  private static final long LAST_WAIT_NANOS = 30 * SECOND;

  private final AgentToken token;
  private final KeyCustody custody;
  private final RandomGenerator random;
  private boolean gone;
  private boolean pinRefused;
  private String trouble = "";
  private long waitNanos = SECOND;
  private long nextNanos;

  TokenWatch(AgentToken token, KeyCustody custody, RandomGenerator random, long nowNanos) {
    this.token = token;
    this.custody = custody;
    this.random = random;
    this.nextNanos = nowNanos + CHECK_NANOS;
  }

  boolean gone() {
    return gone;
  }

  /** What keeps the token away; empty when nothing does. */
  String trouble() {
    return trouble;
  }

  long nextNanos() {
    return nextNanos;
  }

  /** Somebody could not use the token: look at it soon. */
  void suspect(long nowNanos) {
    if (!gone) {
      nextNanos = Math.min(nextNanos, nowNanos);
    }
  }

  /**
   * Looks at the token, and tries to get it back when it is gone.
   *
   * @param suspected whether a use of it failed
   * @return true when it has just come back: references are to be found anew
   */
  boolean check(boolean suspected, long nowNanos) {
    if (pinRefused || nowNanos < nextNanos) {
      return false;
    }
    if (!gone && !suspected && custody.alive()) {
      nextNanos = nowNanos + CHECK_NANOS;
      return false;
    }
    try {
      token.recover(custody);
      LOG.log(Level.INFO, "token " + token.label() + " answers again");
      gone = false;
      trouble = "";
      waitNanos = SECOND;
      nextNanos = nowNanos + CHECK_NANOS;
      return true;
    } catch (CustodyException e) {
      if (!gone) {
        LOG.log(Level.WARNING, "token " + token.label() + " is gone: " + e.getMessage());
      }
      gone = true;
      trouble = String.valueOf(e.getMessage());
      if (e.fault() == CustodyFault.PIN || e.fault() == CustodyFault.PIN_LOCKED) {
        // tokens count wrong PINs: each one is tried once
        pinRefused = true;
        trouble += "; then start the agent again";
        nextNanos = AgentClock.NEVER;
        LOG.log(Level.WARNING, "token " + token.label() + ": " + trouble);
        return false;
      }
      nextNanos = nowNanos + waitNanos / 2 + random.nextLong(waitNanos / 2 + 1);
      waitNanos = Math.min(2 * waitNanos, LAST_WAIT_NANOS);
      return false;
    }
  }
}

package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Notices a lost token and brings it back, in the same process, with growing waits. A PIN that the
 * token has refused is not tried again: that would lock the token.
 */
final class TokenWatch {
  private static final Logger LOG = System.getLogger(TokenWatch.class.getName());
  private static final long SECOND = 1_000_000_000L;
  private static final long CHECK_NANOS = 10 * SECOND;

  /** Between two logins: each ends every session and measures the token anew. */
  private static final long RECOVERY_NANOS = 10 * SECOND;

  private static final long LAST_WAIT_NANOS = 30 * SECOND;
  private static final long PIN_CHECK_NANOS = 5 * SECOND;
  private static final long LOG_NANOS = 60 * SECOND;

  /** How the token is; {@link #word} is what {@code status} says. */
  enum Condition {
    PRESENT("present"),
    GONE("gone"),
    /** The PIN was refused, or cannot be read: tried again when its file has changed. */
    PIN_WRONG("pin-wrong"),
    PIN_LOCKED("pin-locked"),
    /** Only a person can give the PIN: the agent has to be started anew. */
    PIN_NEEDED("pin-needed");

    private final String word;

    Condition(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** What a check found. */
  enum Finding {
    NOTHING_NEW,
    /** A use of it failed, but it answers: what failed is worth another try. */
    ANSWERS,
    /** It has just come back: references are to be found anew. */
    RECOVERED
  }

  private final AgentToken token;
  private final KeyCustody custody;
  private final RandomGenerator random;
  private Condition condition = Condition.PRESENT;
  private String trouble = "";
  private long waitNanos = SECOND;
  private long nextNanos;
  private long nextSuspicionNanos;
  private long nextRecoveryNanos;
  private long nextLogNanos;
  private @Nullable Bytes refusedPin;

  TokenWatch(AgentToken token, KeyCustody custody, RandomGenerator random, long nowNanos) {
    this.token = token;
    this.custody = custody;
    this.random = random;
    this.nextNanos = nowNanos + CHECK_NANOS;
    this.nextSuspicionNanos = nowNanos;
    this.nextRecoveryNanos = nowNanos;
    this.nextLogNanos = nowNanos;
  }

  Condition condition() {
    return condition;
  }

  /** What keeps the token away; empty when nothing does. */
  String trouble() {
    return trouble;
  }

  long nextNanos() {
    return nextNanos;
  }

  /**
   * Looks at the token when that is due, and tries to get it back when it is gone.
   *
   * @param suspected whether a use of it failed, so that it is looked at sooner
   */
  Finding check(boolean suspected, long nowNanos) {
    boolean due = suspected && condition == Condition.PRESENT && nowNanos >= nextSuspicionNanos;
    if (!due && nowNanos < nextNanos) {
      return Finding.NOTHING_NEW;
    }
    if (condition == Condition.PRESENT && custody.alive()) {
      return suspected ? answers(nowNanos) : well(nowNanos);
    }
    if (refusedPin != null && refusedPin.equals(token.pinMark())) {
      nextNanos = nowNanos + PIN_CHECK_NANOS;
      return Finding.NOTHING_NEW;
    }
    if (nowNanos < nextRecoveryNanos) {
      nextNanos = nextRecoveryNanos;
      nextSuspicionNanos = nextRecoveryNanos;
      return Finding.NOTHING_NEW;
    }
    return recover(nowNanos);
  }

  private Finding well(long nowNanos) {
    waitNanos = SECOND;
    nextNanos = nowNanos + CHECK_NANOS;
    return Finding.NOTHING_NEW;
  }

  /** A full disk, say: its owner tries again, and less often each time. */
  private Finding answers(long nowNanos) {
    nextSuspicionNanos = nowNanos + nextWait();
    nextNanos = nowNanos + CHECK_NANOS;
    return Finding.ANSWERS;
  }

  private Finding recover(long nowNanos) {
    Bytes pin = token.pinMark(); // before it is read: a change meanwhile is tried later
    nextRecoveryNanos = nowNanos + RECOVERY_NANOS;
    try {
      token.recover(custody);
    } catch (CustodyException e) {
      failed(e, pin, nowNanos);
      return Finding.NOTHING_NEW;
    }
    report(Level.INFO, "answers again", condition != Condition.PRESENT, nowNanos);
    condition = Condition.PRESENT;
    trouble = "";
    refusedPin = null;
    waitNanos = SECOND;
    nextNanos = nowNanos + CHECK_NANOS;
    nextSuspicionNanos = nowNanos + SECOND;
    return Finding.RECOVERED;
  }

  private void failed(CustodyException e, Bytes pin, long nowNanos) {
    Condition now = condition(e.fault());
    String text = String.valueOf(e.getMessage());
    boolean news = now != condition || !text.equals(trouble);
    condition = now;
    trouble = text;
    refusedPin = now == Condition.GONE ? null : pin;
    nextNanos =
        refusedPin == null
            ? Math.max(nextRecoveryNanos, nowNanos + nextWait())
            : nowNanos + PIN_CHECK_NANOS;
    report(Level.WARNING, "is " + now.word() + ": " + text, news, nowNanos);
  }

  private Condition condition(CustodyFault fault) {
    if (fault == CustodyFault.PIN_LOCKED) {
      return Condition.PIN_LOCKED;
    }
    if (fault == CustodyFault.PIN) {
      return token.hasPin() ? Condition.PIN_WRONG : Condition.PIN_NEEDED;
    }
    return Condition.GONE;
  }

  private void report(Level level, String text, boolean news, long nowNanos) {
    if (news || nowNanos >= nextLogNanos) {
      nextLogNanos = nowNanos + LOG_NANOS;
      LOG.log(level, "token " + token.label() + " " + text);
    }
  }

  /** From half of the wait to all of it; the next one is twice as long. */
  private long nextWait() {
    long wait = waitNanos / 2 + random.nextLong(waitNanos / 2 + 1);
    waitNanos = Math.min(2 * waitNanos, LAST_WAIT_NANOS);
    return wait;
  }
}

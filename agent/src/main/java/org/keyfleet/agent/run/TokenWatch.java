package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.token.WatchedToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Notices a lost token and brings it back, in the same process, with growing waits. A PIN that the
 * token has refused is not tried again: that would lock the token. While a token does not take PINs
 * at all it is asked now and then whether that is over.
 */
public final class TokenWatch {
  private static final Logger LOG = System.getLogger(TokenWatch.class.getName());
  private static final long SECOND = 1_000_000_000L;
  private static final long CHECK_NANOS = 10 * SECOND;

  /** Between two logins: each ends every session and measures the token anew. */
  private static final long RECOVERY_NANOS = 10 * SECOND;

  private static final long LAST_WAIT_NANOS = 30 * SECOND;
  private static final long PIN_CHECK_NANOS = 5 * SECOND;
  private static final long LOG_NANOS = 60 * SECOND;

  /** How the token is; {@link #word} is what {@code status} says. */
  public enum Condition {
    PRESENT("present"),
    GONE("gone"),
    /** The PIN was refused, or cannot be read: tried again when its file has changed. */
    PIN_WRONG("pin-wrong"),
    /** The PIN was not tried, because the token would lock if it is wrong. */
    PIN_LAST_TRY("pin-last-try"),
    PIN_LOCKED("pin-locked"),
    /** Only a person can give the PIN: the agent has to be started anew. */
    PIN_NEEDED("pin-needed");

    private final String word;

    Condition(String word) {
      this.word = word;
    }

    /** For {@code status}. */
    public String word() {
      return word;
    }
  }

  /** What a check found. */
  public enum Finding {
    NOTHING_NEW,
    /** A use of it failed, but it answers: what failed is worth another try. */
    ANSWERS,
    /** It has just come back: references are to be found anew. */
    RECOVERED
  }

  private final WatchedToken token;
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

  /** Of the PIN that the token took last. */
  private Bytes goodPin;

  /**
   * A watch over a custody that is open.
   *
   * @param nowNanos what {@link #check} is called with later
   */
  public TokenWatch(WatchedToken token, KeyCustody custody, RandomGenerator random, long nowNanos) {
    this.token = token;
    this.custody = custody;
    this.random = random;
    this.goodPin = token.pinMark();
    this.nextNanos = nowNanos + CHECK_NANOS;
    this.nextSuspicionNanos = nowNanos;
    this.nextRecoveryNanos = nowNanos;
    this.nextLogNanos = nowNanos;
  }

  /** How the token is. */
  public Condition condition() {
    return condition;
  }

  /** What keeps the token away; empty when nothing does. */
  public String trouble() {
    return trouble;
  }

  /** When {@link #check} is due. */
  public long nextNanos() {
    return nextNanos;
  }

  /**
   * Looks at the token when that is due, and tries to get it back when it is gone.
   *
   * @param suspected whether a use of it failed, so that it is looked at sooner
   */
  public Finding check(boolean suspected, long nowNanos) {
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
    goodPin = pin;
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
    refusedPin = isSpent(e, now, pin) ? pin : null;
    nextNanos =
        refusedPin == null
            ? Math.max(nextRecoveryNanos, nowNanos + nextWait())
            : nowNanos + PIN_CHECK_NANOS;
    report(Level.WARNING, "is " + now.word() + ": " + text, news, nowNanos);
  }

  /**
   * Whether another try could cost one of those that the token grants. It does not when the token
   * was not asked, because it says itself that it is locked or nearly so. One that does not say so
   * is tried with a PIN that was right: wherever locking ends with time (TPM 2.0 Part 1 section
   * 19.8.3), tries do not count before.
   */
  private boolean isSpent(CustodyException e, Condition now, Bytes pin) {
    return switch (now) {
      case PIN_WRONG, PIN_NEEDED -> true;
      case PIN_LOCKED -> e.vendorCode() != CustodyException.NO_CODE && !pin.equals(goodPin);
      case PRESENT, GONE, PIN_LAST_TRY -> false;
    };
  }

  private Condition condition(CustodyFault fault) {
    if (fault == CustodyFault.PIN_LAST_TRY) {
      return Condition.PIN_LAST_TRY;
    }
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

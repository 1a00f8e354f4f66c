package org.keyfleet.agent.group;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.keyfleet.agent.registration.FailureReason;

/**
 * What stands in a group's way: a line for the operator, and whether the token is to be looked at.
 */
final class Trouble {
  private static final Logger LOG = System.getLogger(Trouble.class.getName());

  private final String group;
  private Optional<String> text = Optional.empty();
  private Optional<FailureReason> failure = Optional.empty();
  private Optional<String> full = Optional.empty();
  private boolean withToken;

  Trouble(String group) {
    this.group = group;
  }

  /** The last thing that went wrong, until it goes right. */
  Optional<String> text() {
    return text;
  }

  /** Why the last registration failed, until one succeeds. */
  Optional<FailureReason> failure() {
    return failure;
  }

  /** What the token had no room for, until it has. */
  Optional<String> full() {
    return full;
  }

  boolean withToken() {
    return withToken;
  }

  /** For {@code status} and the log. */
  void note(String line) {
    text = Optional.of(line);
    warn(line);
  }

  /** A registration came to nothing. */
  void note(String line, FailureReason reason) {
    failure = Optional.of(reason);
    note(line);
  }

  /** For the log alone. */
  void warn(String line) {
    LOG.log(Level.WARNING, "group " + group + ": " + line);
  }

  /** The token is there and has no room. */
  void tokenFull(String line) {
    full = Optional.of(line);
    note(line);
  }

  void tokenFailed() {
    withToken = true;
  }

  void tokenRecovered() {
    withToken = false;
  }

  /** A rekey went through: what kept it from that is over, a failed registration is not. */
  void applied() {
    full = Optional.empty();
    if (failure.isEmpty()) {
      text = Optional.empty();
    }
  }

  void over() {
    full = Optional.empty();
    text = Optional.empty();
    failure = Optional.empty();
  }
}

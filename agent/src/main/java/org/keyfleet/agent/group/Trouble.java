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

  void tokenFailed() {
    withToken = true;
  }

  void tokenRecovered() {
    withToken = false;
  }

  void over() {
    text = Optional.empty();
    failure = Optional.empty();
  }
}

package org.keyfleet.benchmarks.custody;

import java.util.Optional;

/** The superuser of this machine, as whom some daemons have to run. */
final class Root {
  private Root() {}

  /** Why {@code who} cannot be started by this user. */
  static Optional<String> missing(String who) {
    return "root".equals(System.getProperty("user.name"))
        ? Optional.empty()
        : Optional.of(who + " needs root");
  }
}

package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.util.List;

/** Who looks at a token from outside of the agent that uses it. */
interface Outsider {
  /**
   * Adds to {@code faults} each persistent object that is neither {@code root} nor the identity.
   */
  void look(String root, List<String> faults) throws IOException, InterruptedException;
}

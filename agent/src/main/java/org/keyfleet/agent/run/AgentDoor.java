package org.keyfleet.agent.run;

import java.util.function.Consumer;
import org.keyfleet.agent.group.GroupAgent;

/** The way to a group's agent that a fault of the agent does not come back through. */
@FunctionalInterface
interface AgentDoor {
  /**
   * Has the agent do one piece of work: one datagram, one command.
   *
   * @return false when a fault ended it
   */
  boolean enter(Consumer<GroupAgent> work);
}

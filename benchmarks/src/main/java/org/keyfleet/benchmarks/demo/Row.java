package org.keyfleet.benchmarks.demo;

import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.AgentStatus;

/** One member as the table and the report show it. */
record Row(String id, String transport, AgentStatus status, int read, int sent) {
  static Row of(AgentProcess agent, AgentStatus status, int read, int sent) {
    return new Row(agent.name(), agent.transport(), status, read, sent);
  }
}

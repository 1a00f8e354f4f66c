package org.keyfleet.agent.group;

/** What a change of our membership asks for. */
public enum GroupAction {
  /** Start a registration. */
  REGISTER,
  /** Tell the GCKS that we leave. */
  SAY_GOODBYE,
  /** Wipe the group's keys in memory, token and journal. */
  FORGET
}

package org.keyfleet.benchmarks.kill;

/** When an agent is killed. */
enum Moment {
  /** Between the arrival of a rekey message and some time after it is in the journal. */
  REKEY,
  /** Between the start of the process and some time after it follows the group again. */
  START
}

package org.keyfleet.benchmarks.footprint;

/**
 * One start of one program, seen from outside.
 *
 * @param memory after it was idle for some seconds
 * @param readyMillis from the start of the process until its own sockets are open; for the bare
 *     program until it has said hello
 * @param multicastMillis until it is a member of the group that it follows by multicast
 * @param joinedMillis until it is a member of every group, over the broker too
 * @param cpuMillis processor time until then
 */
record Sample(
    Resident memory, long readyMillis, long multicastMillis, long joinedMillis, long cpuMillis) {}

/**
 * A small fleet of real processes on this machine: broker, server, agents, their tokens and their
 * traffic.
 */
@NullMarked
package org.keyfleet.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;

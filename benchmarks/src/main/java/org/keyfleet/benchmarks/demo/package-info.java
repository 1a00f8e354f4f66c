/**
 * The demonstration: a fleet that registers, rekeys, evicts, crashes and recovers before one's
 * eyes.
 */
@NullMarked
package org.keyfleet.benchmarks.demo;

import org.jspecify.annotations.NullMarked;

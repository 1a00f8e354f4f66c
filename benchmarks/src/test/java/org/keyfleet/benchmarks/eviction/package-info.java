/** The counts of the eviction measurement. */
@org.jspecify.annotations.NullMarked
package org.keyfleet.benchmarks.eviction;

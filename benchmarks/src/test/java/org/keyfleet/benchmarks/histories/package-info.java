/** The histories, short. */
@org.jspecify.annotations.NullMarked
package org.keyfleet.benchmarks.histories;

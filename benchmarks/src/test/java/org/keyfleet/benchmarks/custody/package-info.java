/** Tests of the measurement of custody. */
@org.jspecify.annotations.NullMarked
package org.keyfleet.benchmarks.custody;

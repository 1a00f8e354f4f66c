/** The demonstration run and the measurements. */
@NullMarked
package org.keyfleet.benchmarks;

import org.jspecify.annotations.NullMarked;

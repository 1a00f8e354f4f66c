/** The peers and witnesses under {@code benchmarks/lab}. */
@NullMarked
package org.keyfleet.benchmarks.lab;

import org.jspecify.annotations.NullMarked;

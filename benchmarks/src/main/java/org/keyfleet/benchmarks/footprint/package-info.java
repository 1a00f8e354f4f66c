/** What an idle, joined agent costs a device, beside a bare Java program on the same runtime. */
@NullMarked
package org.keyfleet.benchmarks.footprint;

import org.jspecify.annotations.NullMarked;

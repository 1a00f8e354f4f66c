/** Kills an agent again and again in the middle of rekeys, and looks at what comes back. */
@NullMarked
package org.keyfleet.benchmarks.kill;

import org.jspecify.annotations.NullMarked;

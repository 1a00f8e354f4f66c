/** Long random histories of groups before an adversary who forgets nothing. */
@NullMarked
package org.keyfleet.benchmarks.histories;

import org.jspecify.annotations.NullMarked;

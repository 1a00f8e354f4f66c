/** The documents name only what exists. */
@NullMarked
package org.keyfleet.benchmarks.docs;

import org.jspecify.annotations.NullMarked;

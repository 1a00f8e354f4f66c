@NullMarked
package org.keyfleet.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;

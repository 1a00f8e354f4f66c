@NullMarked
package org.keyfleet.benchmarks.kill;

import org.jspecify.annotations.NullMarked;

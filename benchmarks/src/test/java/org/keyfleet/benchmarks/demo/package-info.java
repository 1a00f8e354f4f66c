@NullMarked
package org.keyfleet.benchmarks.demo;

import org.jspecify.annotations.NullMarked;

/** What key operations cost, by back end, and beside the same PKCS#11 calls made in C. */
@NullMarked
package org.keyfleet.benchmarks.custody;

import org.jspecify.annotations.NullMarked;

/** What taking members out costs, by key management algorithm: wraps, octets, time. */
@NullMarked
package org.keyfleet.benchmarks.eviction;

import org.jspecify.annotations.NullMarked;

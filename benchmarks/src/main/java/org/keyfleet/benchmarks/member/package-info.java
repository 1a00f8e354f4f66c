/** What a rekey costs a member: its own work beside the token's. */
@NullMarked
package org.keyfleet.benchmarks.member;

import org.jspecify.annotations.NullMarked;

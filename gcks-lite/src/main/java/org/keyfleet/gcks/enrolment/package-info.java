/** A small CA of its own, for demonstrations and for fleets that have none. */
@NullMarked
package org.keyfleet.gcks.enrolment;

import org.jspecify.annotations.NullMarked;

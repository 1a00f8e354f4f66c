@NullMarked
package org.keyfleet.gcks.enrolment;

import org.jspecify.annotations.NullMarked;

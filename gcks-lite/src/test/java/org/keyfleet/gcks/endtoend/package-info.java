/** Server and members in one JVM, on a network and a clock that the test drives. */
@NullMarked
package org.keyfleet.gcks.endtoend;

import org.jspecify.annotations.NullMarked;

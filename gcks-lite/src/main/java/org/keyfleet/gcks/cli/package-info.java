/** The command line {@code keyfleet-gcks}. */
@NullMarked
package org.keyfleet.gcks.cli;

import org.jspecify.annotations.NullMarked;

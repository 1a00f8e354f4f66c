/** The server's command line and life cycle. */
@NullMarked
package org.keyfleet.gcks;

import org.jspecify.annotations.NullMarked;

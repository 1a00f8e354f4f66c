/** Commands to the running server: JSON lines over a Unix domain socket. */
@NullMarked
package org.keyfleet.gcks.admin;

import org.jspecify.annotations.NullMarked;

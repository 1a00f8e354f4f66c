/** Unix domain sockets that carry lines of text between the processes of one user. */
@NullMarked
package org.keyfleet.transport.local;

import org.jspecify.annotations.NullMarked;

/** Long random lives of groups before a symbolic adversary who forgets nothing. */
@NullMarked
package org.keyfleet.protocol.keytree.histories;

import org.jspecify.annotations.NullMarked;

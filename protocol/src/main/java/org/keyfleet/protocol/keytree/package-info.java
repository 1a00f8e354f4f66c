/** Pure mathematics of logical key hierarchies: which nodes change, which wraps go out. */
@NullMarked
package org.keyfleet.protocol.keytree;

import org.jspecify.annotations.NullMarked;

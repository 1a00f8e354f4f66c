/** Custody in a token that does not keep keys of the tree: it holds the key of a file that does. */
@NullMarked
package org.keyfleet.hsm.rooted;

import org.jspecify.annotations.NullMarked;

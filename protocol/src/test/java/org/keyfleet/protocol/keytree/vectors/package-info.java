/**
 * A second implementation of the key trees, slow and by the book, which shares no code with the
 * first: it made docs/vectors.
 */
@NullMarked
package org.keyfleet.protocol.keytree.vectors;

import org.jspecify.annotations.NullMarked;

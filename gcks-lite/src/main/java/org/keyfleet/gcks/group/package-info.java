/** Groups: their key tree, their SAs, who may join, and the messages that change keys. */
@NullMarked
package org.keyfleet.gcks.group;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.keyfleet.gcks.group;

import org.jspecify.annotations.NullMarked;

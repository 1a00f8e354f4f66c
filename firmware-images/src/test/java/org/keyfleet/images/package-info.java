@NullMarked
package org.keyfleet.images;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.keyfleet.hsm.soft;

import org.jspecify.annotations.NullMarked;

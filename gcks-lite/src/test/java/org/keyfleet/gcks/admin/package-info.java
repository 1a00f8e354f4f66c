@NullMarked
package org.keyfleet.gcks.admin;

import org.jspecify.annotations.NullMarked;

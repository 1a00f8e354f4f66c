/** Tests of the responder's parts. */
@NullMarked
package org.keyfleet.gcks.registration;

import org.jspecify.annotations.NullMarked;

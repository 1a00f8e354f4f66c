/** Links over an MQTT 5 broker: registration by request and response, rekeys by retained topic. */
@NullMarked
package org.keyfleet.transport.mqtt;

import org.jspecify.annotations.NullMarked;

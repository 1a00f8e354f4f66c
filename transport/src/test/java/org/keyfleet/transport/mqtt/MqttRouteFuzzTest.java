package org.keyfleet.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.keyfleet.transport.MqttAddress;
import org.keyfleet.transport.TransportException;

/** Topics come from whoever may publish, addresses from a configuration. */
@Tag("fuzz")
final class MqttRouteFuzzTest {
  private static final String PREFIX = "kf/tv/reg/";

  /** A request is answered on the topic beside its own, whatever its properties ask for. */
  @FuzzTest
  void answersGoBesideTheRequest(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    MqttRoute.GroupRegistrations route = new MqttRoute.GroupRegistrations("tv");
    for (String topic : new String[] {text, PREFIX + text, PREFIX + text + "/req"}) {
      assertEquals(null, route.peerOf(topic, "kf/tv/rekey", octets));
      MqttAddress peer = route.peerOf(topic, null, octets);
      if (peer != null) {
        assertTrue(peer.topic().startsWith(PREFIX) && peer.topic().endsWith("/resp"), topic);
        assertTrue(route.mayPublishTo(peer), topic);
      }
    }
  }

  @FuzzTest
  void addressReadOrRefused(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    for (String address : new String[] {text, "mqtts://" + text}) {
      try {
        BrokerAddress broker = BrokerAddress.parse(address);
        assertTrue(broker.port() >= 0 && !broker.host().isEmpty(), address);
      } catch (TransportException refused) {
        assertTrue(String.valueOf(refused.getMessage()).startsWith("broker '"), address);
      }
    }
  }
}

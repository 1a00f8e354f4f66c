package org.keyfleet.transport.mqtt;

import java.net.URI;
import java.net.URISyntaxException;
import org.keyfleet.transport.TransportException;

/** A broker's address as the configuration writes it. */
record BrokerAddress(boolean tls, String host, int port) {
  private static final int MQTT_PORT = 1883; // IANA service "mqtt"
  private static final int MQTTS_PORT = 8883; // IANA service "secure-mqtt"

  static BrokerAddress parse(String text) throws TransportException {
    try {
      URI uri = new URI(text);
      boolean tls = "mqtts".equals(uri.getScheme());
      boolean known = tls || "mqtt".equals(uri.getScheme());
      if (known && uri.getHost() != null && uri.getRawPath().isEmpty()) {
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? MQTTS_PORT : MQTT_PORT;
        return new BrokerAddress(tls, uri.getHost(), port);
      }
    } catch (URISyntaxException e) {
      throw new TransportException(complaint(text), e);
    }
    throw new TransportException(complaint(text));
  }

  /** As Paho writes it. */
  String pahoUri() {
    return (tls ? "ssl://" : "tcp://") + host + ":" + port;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }

  private static String complaint(String text) {
    return "broker '" + text + "': write mqtt://host:port or, with TLS, mqtts://host:port";
  }
}

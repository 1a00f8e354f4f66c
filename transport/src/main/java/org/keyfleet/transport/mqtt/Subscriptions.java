package org.keyfleet.transport.mqtt;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Subscribes links that are not yet, all in one packet; of the broker's thread alone. */
final class Subscriptions {
  private final BrokerFaults faults;
  private final List<MqttLink> missing = new ArrayList<>();

  Subscriptions(BrokerFaults faults) {
    this.faults = faults;
  }

  void add(MqttLink link) {
    missing.add(link);
  }

  /** A new connection subscribes all links: then each gets its retained message. */
  void startAnew(List<MqttLink> links) {
    missing.clear();
    missing.addAll(links);
  }

  void subscribe(MqttSession session) throws MqttException {
    List<MqttLink> links = new ArrayList<>();
    List<String> filters = new ArrayList<>();
    for (MqttLink link : missing) {
      String filter = link.route().filter();
      if (filter != null) {
        links.add(link);
        filters.add(filter);
      }
    }
    missing.clear();
    if (links.isEmpty()) {
      return;
    }
    int[] codes = session.subscribe(filters);
    for (int i = 0; i < links.size(); i++) {
      int code = i < codes.length ? codes[i] : MqttSession.FAILURE;
      boolean refused = code >= MqttSession.FAILURE;
      links.get(i).refuse(refused ? faults.subscriptionRefused(filters.get(i), code) : null);
    }
  }
}

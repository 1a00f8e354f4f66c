package org.keyfleet.transport.mqtt;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Hands Paho's events on, from Paho's threads and without calling Paho. */
record PahoCallbacks(MqttSession session, MqttSession.Events events) implements MqttCallback {

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    events.arrived(session, topic, message);
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    int reasonCode = response.getException() == null ? response.getReturnCode() : 0;
    events.ended(session, response.getException(), reasonCode);
  }

  @Override
  public void mqttErrorOccurred(MqttException fault) {}

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}

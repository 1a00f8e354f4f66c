package org.keyfleet.transport.mqtt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.MqttAddress;
import org.keyfleet.transport.TransportException;

/**
 * One connection to the broker through one Paho client, used by the broker's thread alone. A new
 * connection gets a new client: what a broken Paho client remembers is not trusted.
 */
final class MqttSession {
  /** MQTT 5 section 2.4: reason codes from here on are failures. */
  static final int FAILURE = 0x80;

  private static final int QOS = 1;

  /** For each second that Paho waits for TCP and then for TLS: it must give up first. */
  private static final long CONNECT_MILLIS_A_SECOND = 2_500;

  private static final long ANSWER_MILLIS = 25_000;
  private static final long GOODBYE_MILLIS = 1_000;
  private static final long MAX_PACKET_OCTETS = MqttLink.MAX_DATAGRAM_OCTETS + 4_096L;

  /** MQTT 5 section 3.8.3.1: send retained messages at each subscription. */
  private static final int RETAINED_ALWAYS = 0;

  /** Called on Paho's threads: it must not call Paho. */
  interface Events {
    void arrived(MqttSession session, String topic, MqttMessage message);

    void ended(MqttSession session, @Nullable Throwable fault, int reasonCode);

    void published(MqttSession session, Outgoing outgoing, int reasonCode);

    void opened(boolean sessionPresent);
  }

  private final MqttAsyncClient client;
  private final PingClock pings;
  private final Events events;

  private MqttSession(MqttAsyncClient client, PingClock pings, Events events) {
    this.client = client;
    this.pings = pings;
    this.events = events;
  }

  /** Connects, which can take 2.5 times {@link MqttSettings#connectSeconds}. */
  static MqttSession connect(
      BrokerAddress broker,
      MqttSettings settings,
      @Nullable SSLSocketFactory tls,
      Events events,
      Runnable wakeUp)
      throws MqttException, TransportException {
    PahoLog.install();
    PingClock pings = new PingClock(wakeUp);
    MqttAsyncClient client =
        new MqttAsyncClient(
            broker.pahoUri(), settings.clientId(), new MemoryPersistence(), pings, null);
    MqttSession session = new MqttSession(client, pings, events);
    client.setManualAcks(true);
    client.setCallback(new PahoCallbacks(session, events));
    try {
      IMqttToken connected =
          client.connect(
              options(settings, tls),
              null,
              listener(token -> events.opened(token.getSessionPresent()), fault -> {}));
      connected.waitForCompletion(settings.connectSeconds() * CONNECT_MILLIS_A_SECOND);
      return session;
    } catch (MqttException e) {
      session.abandon();
      throw e;
    }
  }

  /** Subscribes and gives the broker's reason code for each filter; 0x80 and above is a refusal. */
  int[] subscribe(List<String> filters) throws MqttException {
    MqttSubscription[] subscriptions =
        filters.stream()
            .map(
                filter -> {
                  MqttSubscription subscription = new MqttSubscription(filter, QOS);
                  subscription.setRetainHandling(RETAINED_ALWAYS);
                  return subscription;
                })
            .toArray(MqttSubscription[]::new);
    IMqttToken token = client.subscribe(subscriptions);
    token.waitForCompletion(ANSWER_MILLIS);
    int[] codes = token.getReasonCodes();
    return codes == null ? new int[0] : codes;
  }

  void unsubscribe(String filter) throws MqttException {
    client.unsubscribe(filter).waitForCompletion(ANSWER_MILLIS);
  }

  void publish(Outgoing outgoing) throws MqttException {
    MqttProperties properties = new MqttProperties();
    MqttAddress replyTo = outgoing.replyTo();
    byte[] correlation = outgoing.to().correlation();
    if (replyTo != null) {
      properties.setResponseTopic(replyTo.topic());
      correlation = ByteBuffer.allocate(Long.BYTES).putLong(outgoing.number()).array();
    }
    if (correlation.length > 0) {
      properties.setCorrelationData(correlation);
    }
    if (outgoing.expirySeconds() > 0) {
      properties.setMessageExpiryInterval((long) outgoing.expirySeconds());
    }
    MqttMessage message = new MqttMessage(outgoing.datagram().octets());
    message.setQos(QOS);
    message.setRetained(outgoing.retained());
    message.setProperties(properties);
    client.publish(
        outgoing.to().topic(),
        message,
        null,
        listener(
            token -> events.published(this, outgoing, worst(token.getReasonCodes())),
            fault -> {})); // the connection ended: the outbox sends it again
  }

  void acknowledge(int messageId) throws MqttException {
    client.messageArrivedComplete(messageId, QOS);
  }

  /** Sends a ping if one is due; Paho ends the connection when an earlier one got no answer. */
  void pingIfDue(long nowNanos) {
    pings.runIfDue(nowNanos);
  }

  long nanosToPing(long nowNanos) {
    return pings.nanosLeft(nowNanos);
  }

  /** Says goodbye; the broker keeps the session. */
  void disconnect() {
    try {
      client.disconnect(GOODBYE_MILLIS).waitForCompletion(2 * GOODBYE_MILLIS);
      client.close();
    } catch (MqttException e) {
      abandon();
    }
  }

  /** Drops the connection without a word. */
  void abandon() {
    try {
      client.disconnectForcibly(0, 1, false);
      client.close(true);
    } catch (MqttException e) {
      // Paho is still connecting: its own time limit ends that, and nobody listens any more
      return;
    }
  }

  private static MqttConnectionOptions options(
      MqttSettings settings, @Nullable SSLSocketFactory tls) throws TransportException {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setCleanStart(false);
    options.setSessionExpiryInterval(settings.sessionExpirySeconds());
    options.setReceiveMaximum(settings.windowMessages());
    options.setMaximumPacketSize(MAX_PACKET_OCTETS);
    options.setTopicAliasMaximum(0);
    options.setKeepAliveInterval(settings.keepAliveSeconds());
    options.setConnectionTimeout(settings.connectSeconds());
    options.setUseSubscriptionIdentifiers(false);
    if (tls != null) {
      options.setSocketFactory(tls);
      options.setHttpsHostnameVerificationEnabled(true);
    }
    Optional<MqttLogin> login = settings.login();
    if (login.isPresent()) {
      options.setUserName(login.get().user());
      options.setPassword(password(login.get()));
    }
    return options;
  }

  private static byte[] password(MqttLogin login) throws TransportException {
    try {
      String text = Files.readString(login.passwordFile(), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("").getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TransportException(
          "cannot read the broker's password from " + login.passwordFile(), e);
    }
  }

  private static int worst(int @Nullable [] reasonCodes) {
    int worst = 0;
    for (int i = 0; reasonCodes != null && i < reasonCodes.length; i++) {
      worst = Math.max(worst, reasonCodes[i]);
    }
    return worst;
  }

  private interface Then<T> {
    void accept(T value);
  }

  private static MqttActionListener listener(Then<IMqttToken> success, Then<Throwable> failure) {
    return new MqttActionListener() {
      @Override
      public void onSuccess(IMqttToken token) {
        success.accept(token);
      }

      @Override
      public void onFailure(IMqttToken token, Throwable fault) {
        failure.accept(fault);
      }
    };
  }
}

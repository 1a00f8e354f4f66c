package org.keyfleet.transport.mqtt;

import java.util.Optional;
import org.keyfleet.transport.QueueLimits;

/**
 * How to reach a broker. Start from {@link #device} or {@link #server} and refine.
 *
 * @param broker {@code mqtt://host:port} or, with TLS, {@code mqtts://host:port}; the ports default
 *     to 1883 and 8883
 * @param clientId names the session at the broker; each client needs its own and keeps it
 * @param tls the PEM files; needed with {@code mqtts}
 * @param login a user name and password, when the broker asks for one
 * @param connectSeconds longest wait for TCP, and again for TLS; the whole attempt takes at most
 *     2.5 times as long
 * @param keepAliveSeconds longest silence before a ping
 * @param sessionExpirySeconds how long the broker keeps messages for an absent client
 * @param windowMessages most messages that the broker sends ahead of their acknowledgement
 * @param limits most that waits here, in either direction
 * @param firstRetryMillis first wait before a new connection attempt; half of it is jitter
 * @param lastRetryMillis longest wait
 */
public record MqttSettings(
    String broker,
    String clientId,
    Optional<TlsFiles> tls,
    Optional<MqttLogin> login,
    int connectSeconds,
    int keepAliveSeconds,
    long sessionExpirySeconds,
    int windowMessages,
    QueueLimits limits,
    long firstRetryMillis,
    long lastRetryMillis) {
  private static final int CONNECT_SECONDS = 10;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final long SEVEN_DAYS_SECONDS = 7 * 86_400L;
  private static final int DEVICE_WINDOW = 16;
  private static final int SERVER_WINDOW = 256;
  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long LAST_RETRY_MILLIS = 60_000;

  public MqttSettings {
    if (windowMessages < 1 || windowMessages > 0xffff) {
      throw new IllegalArgumentException("window of " + windowMessages + " messages");
    }
    if (connectSeconds < 1) {
      throw new IllegalArgumentException("connecting in " + connectSeconds + " s");
    }
    if (firstRetryMillis < 1 || lastRetryMillis < firstRetryMillis) {
      throw new IllegalArgumentException("retry " + firstRetryMillis + ", " + lastRetryMillis);
    }
  }

  /** For a member: a small window, messages kept for seven days. */
  public static MqttSettings device(String broker, String clientId) {
    return of(broker, clientId, DEVICE_WINDOW, QueueLimits.DEVICE);
  }

  /** For a key server: a large window and queue. */
  public static MqttSettings server(String broker, String clientId) {
    return of(broker, clientId, SERVER_WINDOW, QueueLimits.SERVER);
  }

  private static MqttSettings of(String broker, String clientId, int window, QueueLimits limits) {
    return new MqttSettings(
        broker,
        clientId,
        Optional.empty(),
        Optional.empty(),
        CONNECT_SECONDS,
        KEEP_ALIVE_SECONDS,
        SEVEN_DAYS_SECONDS,
        window,
        limits,
        FIRST_RETRY_MILLIS,
        LAST_RETRY_MILLIS);
  }

  /** The same with TLS. */
  public MqttSettings with(TlsFiles newTls) {
    return new MqttSettings(
        broker,
        clientId,
        Optional.of(newTls),
        login,
        connectSeconds,
        keepAliveSeconds,
        sessionExpirySeconds,
        windowMessages,
        limits,
        firstRetryMillis,
        lastRetryMillis);
  }

  /** The same with a user name. */
  public MqttSettings with(MqttLogin newLogin) {
    return new MqttSettings(
        broker,
        clientId,
        tls,
        Optional.of(newLogin),
        connectSeconds,
        keepAliveSeconds,
        sessionExpirySeconds,
        windowMessages,
        limits,
        firstRetryMillis,
        lastRetryMillis);
  }

  /** The same with another wait between attempts. */
  public MqttSettings retrying(long newFirstMillis, long newLastMillis) {
    return new MqttSettings(
        broker,
        clientId,
        tls,
        login,
        connectSeconds,
        keepAliveSeconds,
        sessionExpirySeconds,
        windowMessages,
        limits,
        newFirstMillis,
        newLastMillis);
  }

  /** The same with less or more patience for a broker that does not answer. */
  public MqttSettings connectingWithin(int newConnectSeconds) {
    return new MqttSettings(
        broker,
        clientId,
        tls,
        login,
        newConnectSeconds,
        keepAliveSeconds,
        sessionExpirySeconds,
        windowMessages,
        limits,
        firstRetryMillis,
        lastRetryMillis);
  }

  /** The same with other bounds on what waits here. */
  public MqttSettings limitedTo(QueueLimits newLimits) {
    return new MqttSettings(
        broker,
        clientId,
        tls,
        login,
        connectSeconds,
        keepAliveSeconds,
        sessionExpirySeconds,
        windowMessages,
        newLimits,
        firstRetryMillis,
        lastRetryMillis);
  }
}

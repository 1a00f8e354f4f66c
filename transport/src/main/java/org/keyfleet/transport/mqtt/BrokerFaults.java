package org.keyfleet.transport.mqtt;

import static org.keyfleet.transport.LinkState.Condition.LOST;
import static org.keyfleet.transport.LinkState.Condition.REFUSED;
import static org.keyfleet.transport.LinkState.Condition.UNREACHABLE;
import static org.keyfleet.transport.LinkState.Condition.UNTRUSTED;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.LinkState;

/** What a failed or broken connection means for the operator: one function from fault to state. */
final class BrokerFaults {
  private final BrokerAddress broker;
  private final MqttSettings settings;

  BrokerFaults(BrokerAddress broker, MqttSettings settings) {
    this.broker = broker;
    this.settings = settings;
  }

  /**
   * Why there was no connection.
   *
   * @param askedForCertificate the broker asked for a client certificate in the handshake
   */
  LinkState whileConnecting(Throwable fault, boolean askedForCertificate) {
    SSLException tls = cause(fault, SSLException.class);
    CertificateException certificate = cause(fault, CertificateException.class);
    if (certificate != null || cause(fault, CertPathValidatorException.class) != null) {
      return new LinkState(UNTRUSTED, untrusted(fault, certificate));
    }
    if (tls != null) {
      return tls(String.valueOf(tls.getMessage()));
    }
    if (cause(fault, UnknownHostException.class) != null) {
      return unreachable("has no address: check the name in '" + settings.broker() + "'");
    }
    if (cause(fault, ConnectException.class) != null
        || cause(fault, NoRouteToHostException.class) != null) {
      return unreachable("refuses connections: check that it runs and the port is right");
    }
    if (fault instanceof MqttException mqtt && isConnackFailure(mqtt.getReasonCode())) {
      return connack(mqtt.getReasonCode());
    }
    if (askedForCertificate) {
      return refused("ends the connection after the TLS handshake" + certificateRemedy());
    }
    return unreachable("does not answer as an MQTT 5 broker: " + rootText(fault));
  }

  /** Why a connection that was up is gone. */
  LinkState afterUp(@Nullable Throwable fault, int reasonCode) {
    if (reasonCode == MqttReturnCode.RETURN_CODE_SESSION_TAKEN_OVER) {
      return new LinkState(
          LOST,
          "another client took the session '"
              + settings.clientId()
              + "' over: give each client its own id");
    }
    if (reasonCode == MqttReturnCode.RETURN_CODE_NOT_AUTHORIZED
        || reasonCode == MqttReturnCode.RETURN_CODE_ADMINISTRITIVE_ACTION) {
      return new LinkState(
          REFUSED, "broker " + broker + " sent '" + settings.clientId() + "' away: see its log");
    }
    if (cause(fault, EOFException.class) != null) {
      return new LinkState(
          LOST,
          "broker "
              + broker
              + " closed the connection: retrying; if this goes on, see its log and give each client"
              + " its own id"); // mosquitto 2.0 gives no reason when a session is taken over
    }
    String why = reasonCode > 0 ? "reason code " + reasonCode : rootText(fault);
    return new LinkState(LOST, "connection to broker " + broker + " lost (" + why + "): retrying");
  }

  LinkState subscriptionRefused(String filter, int reasonCode) {
    return new LinkState(
        REFUSED,
        "broker "
            + broker
            + " does not let '"
            + settings.clientId()
            + "' read "
            + filter
            + " (reason code "
            + reasonCode
            + "): correct its access list");
  }

  LinkState publicationRefused(String topic, int reasonCode) {
    return new LinkState(
        REFUSED,
        "broker "
            + broker
            + " does not let '"
            + settings.clientId()
            + "' write "
            + topic
            + " (reason code "
            + reasonCode
            + "): correct its access list");
  }

  /** MQTT 5 section 3.2.2.2: one octet, 0x80 or above; Paho's own codes are larger. */
  private static boolean isConnackFailure(int reasonCode) {
    return reasonCode >= 0x80 && reasonCode <= 0xff;
  }

  private LinkState connack(int reasonCode) {
    return switch (reasonCode) {
      case MqttReturnCode.RETURN_CODE_SERVER_UNAVAILABLE,
          MqttReturnCode.RETURN_CODE_SERVER_BUSY,
          MqttReturnCode.RETURN_CODE_CONNECTION_RATE_EXCEEDED ->
          unreachable("is busy (reason code " + reasonCode + "): retrying");
      case MqttReturnCode.RETURN_CODE_UNSUPPORTED_PROTOCOL_VERSION ->
          refused("does not speak MQTT 5: use a broker that does");
      case MqttReturnCode.RETURN_CODE_BAD_USERNAME_OR_PASSWORD,
          MqttReturnCode.RETURN_CODE_NOT_AUTHORIZED ->
          refused(
              "refuses client '"
                  + settings.clientId()
                  + "' (reason code "
                  + reasonCode
                  + "): check certificate, user name and password");
      default -> refused("refuses the connection (reason code " + reasonCode + "): see its log");
    };
  }

  private LinkState tls(String text) {
    if (text.contains("Received fatal alert")) {
      String alert = text.substring(text.indexOf(':') + 1).trim();
      return refused("ends the TLS handshake (" + alert + ")" + certificateRemedy());
    }
    if (text.contains("Unsupported or unrecognized SSL message")) {
      return unreachable("does not speak TLS on this port: use its TLS port, or mqtt://");
    }
    return unreachable("fails in the TLS handshake: " + text);
  }

  private String certificateRemedy() {
    return settings.tls().flatMap(TlsFiles::own).isPresent()
        ? ": give a client certificate of a CA that it accepts"
        : ": it may ask for a client certificate";
  }

  private String untrusted(Throwable fault, @Nullable CertificateException certificate) {
    String start = "broker " + broker + ": its certificate ";
    if (cause(fault, CertificateExpiredException.class) != null) {
      return start + "has expired: renew it, and check this machine's clock";
    }
    if (cause(fault, CertificateNotYetValidException.class) != null) {
      return start + "is not yet valid: check this machine's clock";
    }
    String text = certificate == null ? "" : String.valueOf(certificate.getMessage());
    if (text.startsWith("No subject") || text.startsWith("No name")) {
      return start + "is not for '" + broker.host() + "': use the name in the certificate";
    }
    String ca = settings.tls().map(files -> files.trustedCa().toString()).orElse("the list");
    return start + "is not signed by a CA in " + ca + ": give the right CA file";
  }

  private LinkState unreachable(String what) {
    return new LinkState(UNREACHABLE, "broker " + broker + " " + what);
  }

  private LinkState refused(String what) {
    return new LinkState(REFUSED, "broker " + broker + " " + what);
  }

  private static <T extends Throwable> @Nullable T cause(@Nullable Throwable fault, Class<T> type) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  /** The innermost message, on one line. */
  private static String rootText(@Nullable Throwable fault) {
    Throwable root = fault;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    if (root == null) {
      return "no reason given";
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return text.replaceAll("\\s+", " ");
  }
}

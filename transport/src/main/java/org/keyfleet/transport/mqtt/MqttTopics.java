package org.keyfleet.transport.mqtt;

import java.nio.charset.StandardCharsets;
import org.keyfleet.transport.MqttAddress;

/**
 * The topics of a group.
 *
 * <pre>
 *   kf/GROUP/rekey              rekey messages, retained; the key server writes, members read
 *   kf/GROUP/reg/MEMBER/req     registration: the member writes, the key server reads
 *   kf/GROUP/reg/MEMBER/resp    registration: the key server writes, the member reads
 * </pre>
 *
 * Names stand as they are but for octets that a topic level cannot hold, which are percent-encoded;
 * so a broker's ACL may use the common name of the member's certificate ({@code %u}).
 */
public final class MqttTopics {
  private static final String ROOT = "kf/";

  private MqttTopics() {}

  /** Where the rekey messages of a group are. */
  public static MqttAddress rekey(String group) {
    return new MqttAddress(ROOT + level(group) + "/rekey");
  }

  /** Where a member writes its registration requests: the key server's address to the member. */
  public static MqttAddress request(String group, String member) {
    return new MqttAddress(registration(group) + level(member) + "/req");
  }

  /** Where a member reads its registration responses: the member's address to the key server. */
  public static MqttAddress response(String group, String member) {
    return new MqttAddress(registration(group) + level(member) + "/resp");
  }

  static String allRequests(String group) {
    return registration(group) + "+/req";
  }

  /** The response topic that belongs to a request topic of {@link #allRequests}. */
  static String responseOf(String requestTopic) {
    return requestTopic.substring(0, requestTopic.length() - "req".length()) + "resp";
  }

  static boolean isRequest(String group, String topic) {
    String prefix = registration(group);
    int memberOctets = topic.length() - prefix.length() - "/req".length();
    return memberOctets > 0
        && topic.startsWith(prefix)
        && topic.endsWith("/req")
        && topic.indexOf('/', prefix.length()) == prefix.length() + memberOctets;
  }

  private static String registration(String group) {
    return ROOT + level(group) + "/reg/";
  }

  /** One level: no separator, no wildcard (MQTT 5 section 4.7.1), no control character. */
  private static String level(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an empty name is no topic level");
    }
    StringBuilder level = new StringBuilder();
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = octet > ' ' && octet != 0x7f && "/+#%$".indexOf(octet) < 0;
      level.append(plain ? Character.toString(octet) : String.format("%%%02X", octet));
    }
    return level.toString();
  }
}

package org.keyfleet.transport.mqtt;

import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.MqttAddress;

/** The part of the topics that a link serves: what it hears, from whom, and where it may send. */
sealed interface MqttRoute {

  /** Where peers reach the link. */
  MqttAddress local();

  /** What the link subscribes to; null when it only sends. */
  @Nullable String filter();

  /**
   * The peer behind a message, null when the message is not for this link.
   *
   * @param responseTopic of the message, when it is a request
   * @param correlation of the message, empty when it has none
   */
  @Nullable MqttAddress peerOf(String topic, @Nullable String responseTopic, byte[] correlation);

  /** Whether the link may publish to {@code to}. */
  boolean mayPublishTo(MqttAddress to);

  /** Where answers to what this link sends belong; null when it sends no requests. */
  default @Nullable MqttAddress replyTo() {
    return null;
  }

  default boolean retained() {
    return false;
  }

  /**
   * Whether messages that do not fit the queue are worth a new connection, which delivers them
   * again. Rekeys are; registration messages are repeated by their sender, and nobody's flood of
   * them may cut the key server off.
   */
  default boolean needsAll() {
    return false;
  }

  /** After this time a publication is worthless; 0 for never. */
  default int expirySeconds() {
    return 0;
  }

  /** Registration messages are repeated by their sender; old ones only burden the key server. */
  int REGISTRATION_EXPIRY_SECONDS = 60;

  /** A member's side of its registration. */
  record MemberRegistration(MqttAddress request, MqttAddress response) implements MqttRoute {
    @Override
    public MqttAddress local() {
      return response;
    }

    @Override
    public String filter() {
      return response.topic();
    }

    @Override
    public @Nullable MqttAddress peerOf(
        String topic, @Nullable String responseTopic, byte[] correlation) {
      return topic.equals(response.topic()) ? request : null;
    }

    @Override
    public boolean mayPublishTo(MqttAddress to) {
      return to.equals(request);
    }

    @Override
    public MqttAddress replyTo() {
      return response;
    }

    @Override
    public int expirySeconds() {
      return REGISTRATION_EXPIRY_SECONDS;
    }
  }

  /** The key server's side of all registrations of a group. */
  record GroupRegistrations(String group) implements MqttRoute {
    @Override
    public MqttAddress local() {
      return new MqttAddress(filter());
    }

    @Override
    public String filter() {
      return MqttTopics.allRequests(group);
    }

    /** A response topic of the requester's choice would let it publish with our rights. */
    @Override
    public @Nullable MqttAddress peerOf(
        String topic, @Nullable String responseTopic, byte[] correlation) {
      if (!MqttTopics.isRequest(group, topic)) {
        return null;
      }
      String expected = MqttTopics.responseOf(topic);
      boolean ours = responseTopic == null || responseTopic.equals(expected);
      return ours ? new MqttAddress(expected, correlation) : null;
    }

    @Override
    public boolean mayPublishTo(MqttAddress to) {
      String topic = to.topic();
      return topic.endsWith("/resp")
          && MqttTopics.isRequest(group, topic.substring(0, topic.length() - 4) + "req");
    }

    @Override
    public int expirySeconds() {
      return REGISTRATION_EXPIRY_SECONDS;
    }
  }

  /** A member's side of the rekey messages. */
  record MemberRekeys(MqttAddress rekey) implements MqttRoute {
    @Override
    public MqttAddress local() {
      return rekey;
    }

    @Override
    public String filter() {
      return rekey.topic();
    }

    @Override
    public @Nullable MqttAddress peerOf(
        String topic, @Nullable String responseTopic, byte[] correlation) {
      return topic.equals(rekey.topic()) ? rekey : null;
    }

    @Override
    public boolean needsAll() {
      return true;
    }

    @Override
    public boolean mayPublishTo(MqttAddress to) {
      return false;
    }
  }

  /** The key server's side of the rekey messages. */
  record GroupRekeys(MqttAddress rekey) implements MqttRoute {
    @Override
    public MqttAddress local() {
      return rekey;
    }

    @Override
    public @Nullable String filter() {
      return null;
    }

    @Override
    public @Nullable MqttAddress peerOf(
        String topic, @Nullable String responseTopic, byte[] correlation) {
      return null;
    }

    @Override
    public boolean mayPublishTo(MqttAddress to) {
      return to.equals(rekey);
    }

    @Override
    public boolean retained() {
      return true;
    }
  }
}

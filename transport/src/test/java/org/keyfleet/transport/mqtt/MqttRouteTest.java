package org.keyfleet.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.transport.MqttAddress;

class MqttRouteTest {
  private static final byte[] DATA = {1, 2};
  private static final MqttRoute SERVER = new MqttRoute.GroupRegistrations("g");

  @ParameterizedTest
  @CsvSource({
    "box-1.example.net, kf/g/reg/box-1.example.net/req",
    "a/b+c#d$e%, kf/g/reg/a%2Fb%2Bc%23d%24e%25/req",
    "ü, kf/g/reg/%C3%BC/req"
  })
  void namesStayWithinTheirLevel(String member, String topic) {
    assertEquals(topic, MqttTopics.request("g", member).topic());
  }

  @Test
  void anEmptyNameIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> MqttTopics.rekey(""));
  }

  @Test
  void aRequestIsAnsweredOnItsOwnTopicWithItsCorrelation() {
    MqttAddress peer =
        Objects.requireNonNull(SERVER.peerOf("kf/g/reg/m/req", "kf/g/reg/m/resp", DATA));
    assertEquals(MqttTopics.response("g", "m"), peer);
    assertArrayEquals(DATA, peer.correlation());
    assertEquals(peer, SERVER.peerOf("kf/g/reg/m/req", null, new byte[0]));
    assertTrue(SERVER.mayPublishTo(peer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kf/g/rekey", "kf/g/reg/other/resp", "kf/h/reg/m/resp", "", "#"})
  void aResponseTopicOfTheRequestersChoiceIsRefused(String chosen) {
    assertNull(SERVER.peerOf("kf/g/reg/m/req", chosen, DATA));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kf/h/reg/m/req",
        "kf/g/reg/req",
        "kf/g/reg//req",
        "kf/g/reg/a/b/req",
        "kf/g/reg/m/resp",
        "kf/g/rekey",
        "",
        "kf/g/reg/m/req/x"
      })
  void otherTopicsAreNotRequests(String topic) {
    assertNull(SERVER.peerOf(topic, null, DATA));
  }

  @Test
  void theServerAnswersMembersOnly() {
    assertFalse(SERVER.mayPublishTo(MqttTopics.rekey("g")));
    assertFalse(SERVER.mayPublishTo(MqttTopics.response("h", "m")));
    assertFalse(SERVER.mayPublishTo(MqttTopics.request("g", "m")));
    assertTrue(
        new MqttRoute.GroupRekeys(MqttTopics.rekey("g")).mayPublishTo(MqttTopics.rekey("g")));
  }

  @Test
  void membersHearTheirOwnTopicsOnly() {
    MqttRoute member =
        new MqttRoute.MemberRegistration(
            MqttTopics.request("g", "m"), MqttTopics.response("g", "m"));
    assertEquals(MqttTopics.request("g", "m"), member.peerOf("kf/g/reg/m/resp", null, DATA));
    assertNull(member.peerOf("kf/g/reg/n/resp", null, DATA));
    assertFalse(member.mayPublishTo(MqttTopics.request("g", "n")));
    MqttRoute rekeys = new MqttRoute.MemberRekeys(MqttTopics.rekey("g"));
    assertNull(rekeys.peerOf("kf/h/rekey", null, DATA));
  }
}

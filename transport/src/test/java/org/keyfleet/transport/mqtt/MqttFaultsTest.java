package org.keyfleet.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.await;
import static org.keyfleet.transport.LinkProbe.hear;
import static org.keyfleet.transport.LinkProbe.refusal;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkState.Condition;
import org.keyfleet.transport.MqttAddress;

/** Brokers that are down, strange or strict: each is a named state, none ends the process. */
class MqttFaultsTest {
  private static final MqttAddress REKEY = MqttTopics.rekey("g");
  private static final byte[] HELLO = {1};

  @TempDir Path directory;

  @Test
  void aBrokerThatIsDownAtStartIsWaitedFor() throws Exception {
    try (Mosquitto mosquitto = Mosquitto.open(directory);
        MqttBroker broker = broker(MqttSettings.server(mosquitto.uri(), "gcks"))) {
      Link rekeys = broker.groupRekeys("g");
      broker.start();
      await("unreachable", () -> rekeys.state().condition() == Condition.UNREACHABLE);
      assertEquals(
          "broker 127.0.0.1:"
              + mosquitto.port()
              + " refuses connections: check that it runs and the port is right",
          rekeys.state().detail());
      assertEquals(rekeys.state().detail(), refusal(() -> broker.awaitUp(1)));
      assertTrue(rekeys.send(new Datagram(REKEY, HELLO)), "queued meanwhile");
      mosquitto.start();
      await("published", () -> rekeys.counters().sent() == 1);
      assertTrue(rekeys.state().isUp());
    }
  }

  @Test
  void aBrokerThatIsLostIsFoundAgain() throws Exception {
    try (Mosquitto mosquitto = Mosquitto.open(directory).start();
        MqttBroker server = broker(MqttSettings.server(mosquitto.uri(), "gcks"));
        MqttBroker device = broker(MqttSettings.device(mosquitto.uri(), "box"))) {
      Link rekeys = server.groupRekeys("g");
      Link member = device.memberRekeys("g");
      server.start();
      device.start();
      server.awaitUp(15_000);
      device.awaitUp(15_000);
      mosquitto.stop();
      await("lost", () -> !member.state().isUp() && !rekeys.state().isUp());
      for (int i = 0; i < 40; i++) {
        assertTrue(rekeys.send(new Datagram(REKEY, new byte[] {(byte) i})));
      }
      mosquitto.start();
      for (int next = 0; next < 40; ) {
        int heard = hear(member).octets()[0];
        assertTrue(heard <= next, heard + " came before " + next);
        next += heard == next ? 1 : 0; // QoS 1 and the retained message may repeat older ones
      }
      assertTrue(member.state().isUp());
    }
  }

  @Test
  void aFullQueueDropsTheNewestAndCounts() throws Exception {
    try (Mosquitto mosquitto = Mosquitto.open(directory);
        MqttBroker broker = broker(MqttSettings.device(mosquitto.uri(), "gcks"))) {
      Link rekeys = broker.groupRekeys("g");
      for (int i = 0; i < 128; i++) {
        assertTrue(rekeys.send(new Datagram(REKEY, HELLO)));
      }
      assertFalse(rekeys.send(new Datagram(REKEY, HELLO)));
      assertEquals(1, rekeys.counters().droppedOutbound());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void tlsWithAClientCertificate(String algorithm) throws Exception {
    BrokerPki pki = new BrokerPki(directory.resolve("pki"), "Test CA");
    TlsFiles.Own own = pki.issue("box-1", algorithm);
    try (Mosquitto mosquitto = tlsBroker(pki, pki.issue("localhost", "EC"));
        MqttBroker device = broker(mosquitto, pki.ca(), own)) {
      Link registration = device.memberRegistration("g", "box-1");
      Link rekeys = device.memberRekeys("g");
      device.start();
      device.awaitUp(15_000);
      assertTrue(registration.state().isUp());
      assertTrue(registration.send(new Datagram(MqttTopics.request("g", "box-1"), HELLO)));
      await("allowed by the access list", () -> registration.counters().sent() == 1);
      assertTrue(rekeys.state().isUp());
    }
  }

  @Test
  void theAccessListOfTheBrokerIsNamed() throws Exception {
    BrokerPki pki = new BrokerPki(directory.resolve("pki"), "Test CA");
    TlsFiles.Own own = pki.issue("box-1", "EC");
    try (Mosquitto mosquitto = tlsBroker(pki, pki.issue("localhost", "EC"));
        MqttBroker device = broker(mosquitto, pki.ca(), own)) {
      Link other = device.memberRegistration("g", "box-2");
      Link rekeys = device.groupRekeys("g");
      device.start();
      device.awaitUp(15_000);
      other.send(new Datagram(MqttTopics.request("g", "box-2"), HELLO));
      await("refused", () -> other.counters().droppedOutbound() == 1);
      assertEquals(
          "broker localhost:"
              + mosquitto.port()
              + " does not let 'box' write kf/g/reg/box-2/req (reason code 135): correct its access"
              + " list",
          other.state().detail());
      rekeys.send(new Datagram(REKEY, HELLO));
      await("refused", () -> rekeys.state().condition() == Condition.REFUSED);
    }
  }

  @Test
  void aBrokerOfAnotherCaIsNotTrusted() throws Exception {
    BrokerPki pki = new BrokerPki(directory.resolve("pki"), "Test CA");
    BrokerPki other = new BrokerPki(directory.resolve("other"), "Other CA");
    TlsFiles.Own own = pki.issue("box-1", "EC");
    try (Mosquitto mosquitto = tlsBroker(pki, pki.issue("localhost", "EC"))) {
      assertFault(
          broker(mosquitto, other.ca(), own),
          Condition.UNTRUSTED,
          "its certificate is not signed by a CA in " + other.ca() + ": give the right CA file");
    }
    try (Mosquitto mosquitto = tlsBroker(pki, pki.issue("elsewhere", "EC"))) {
      assertFault(
          broker(mosquitto, pki.ca(), own),
          Condition.UNTRUSTED,
          "its certificate is not for 'localhost': use the name in the certificate");
    }
    Instant yesterday = Instant.now().minusSeconds(86_400);
    try (Mosquitto mosquitto = tlsBroker(pki, pki.issue("localhost", "EC", yesterday))) {
      assertFault(
          broker(mosquitto, pki.ca(), own),
          Condition.UNTRUSTED,
          "its certificate has expired: renew it, and check this machine's clock");
    }
  }

  @Test
  void aRefusedClientIsNamed() throws Exception {
    BrokerPki pki = new BrokerPki(directory.resolve("pki"), "Test CA");
    BrokerPki other = new BrokerPki(directory.resolve("other"), "Other CA");
    try (Mosquitto mosquitto = tlsBroker(pki, pki.issue("localhost", "EC"))) {
      assertFault(
          broker(mosquitto, pki.ca(), other.issue("box-1", "EC")),
          Condition.REFUSED,
          ": give a client certificate of a CA that it accepts");
      MqttSettings bare =
          MqttSettings.device(mosquitto.tlsUri(), "box").with(TlsFiles.trusting(pki.ca()));
      assertFault(broker(bare), Condition.REFUSED, ": it may ask for a client certificate");
    }
  }

  @Test
  void aBrokerThatTakesTheConnectionAndSaysNothingIsUnreachable() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String uri = "mqtt://localhost:" + silent.getLocalPort();
      assertFault(
          broker(MqttSettings.device(uri, "box").connectingWithin(1)),
          Condition.UNREACHABLE,
          "broker localhost:" + silent.getLocalPort() + " does not answer as an MQTT 5 broker");
    }
  }

  @Test
  void aPlainPortIsNotMistakenForTls() throws Exception {
    BrokerPki pki = new BrokerPki(directory.resolve("pki"), "Test CA");
    try (Mosquitto mosquitto = Mosquitto.open(directory).start()) {
      assertFault(
          broker(mosquitto, pki.ca(), pki.issue("box-1", "EC")),
          Condition.UNREACHABLE,
          "broker localhost:" + mosquitto.port());
    }
  }

  @Test
  void aPasswordIsAskedForAndGiven() throws Exception {
    Path passwords = directory.resolve("passwords");
    Path secret = Files.writeString(directory.resolve("secret"), "correct horse\nnot this\n");
    new ProcessBuilder("mosquitto_passwd", "-b", "-c", passwords.toString(), "box", "correct horse")
        .start()
        .waitFor();
    String lines = "allow_anonymous false\npassword_file " + passwords + "\n";
    try (Mosquitto mosquitto = Mosquitto.configured(directory, lines).start()) {
      MqttSettings settings = MqttSettings.device(mosquitto.uri(), "box");
      assertFault(broker(settings), Condition.REFUSED, "check certificate, user name and password");
      try (MqttBroker broker = broker(settings.with(new MqttLogin("box", secret)))) {
        broker.start();
        broker.awaitUp(15_000);
      }
    }
  }

  private static void assertFault(MqttBroker broker, Condition condition, String text) {
    try (broker) {
      broker.start();
      await("fault", () -> !broker.state().detail().isEmpty());
      assertEquals(condition, broker.state().condition(), broker.state()::detail);
      assertTrue(broker.state().detail().contains(text), broker.state()::detail);
    }
  }

  private Mosquitto tlsBroker(BrokerPki pki, TlsFiles.Own server) throws Exception {
    Path acl = directory.resolve("acl");
    Files.writeString(
        acl,
        "pattern read kf/+/rekey\npattern write kf/+/reg/%u/req\npattern read kf/+/reg/%u/resp\n");
    String lines =
        "cafile "
            + pki.ca()
            + "\ncertfile "
            + server.chain()
            + "\nkeyfile "
            + server.key()
            + "\nrequire_certificate true\nuse_identity_as_username true\nallow_anonymous false\n"
            + "acl_file "
            + acl
            + "\n";
    return Mosquitto.configured(directory, lines).start();
  }

  private static MqttBroker broker(Mosquitto mosquitto, Path ca, TlsFiles.Own own)
      throws Exception {
    TlsFiles files = TlsFiles.trusting(ca).showing(own.chain(), own.key());
    return broker(MqttSettings.device(mosquitto.tlsUri(), "box").with(files));
  }

  private static MqttBroker broker(MqttSettings settings) throws Exception {
    return MqttBroker.open(settings.retrying(50, 200), new Random(1));
  }
}

package org.keyfleet.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.refusal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong before anything is sent is an exception with one line. */
class MqttSettingsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost:1883", "http://x", "mqtt://", "mqtt://h/path", "mqtt:// h"})
  void anAddressIsSpelledOut(String broker) {
    String message = refusal(() -> open(MqttSettings.device(broker, "box")));
    assertTrue(message.endsWith("write mqtt://host:port or, with TLS, mqtts://host:port"), message);
  }

  @Test
  void portsDefaultToTheRegisteredOnes() throws Exception {
    assertEquals(new BrokerAddress(false, "h", 1883), BrokerAddress.parse("mqtt://h"));
    assertEquals(new BrokerAddress(true, "h", 8883), BrokerAddress.parse("mqtts://h"));
    assertEquals(new BrokerAddress(true, "h", 9), BrokerAddress.parse("mqtts://h:9"));
  }

  @Test
  void tlsAndItsFilesGoTogether() {
    refusal(() -> open(MqttSettings.device("mqtts://h", "box")));
    TlsFiles files = TlsFiles.trusting(directory.resolve("ca.crt"));
    refusal(() -> open(MqttSettings.device("mqtt://h", "box").with(files)));
  }

  @Test
  void filesAreCheckedAtOnce() throws Exception {
    BrokerPki pki = new BrokerPki(directory.resolve("pki"), "Test CA");
    TlsFiles.Own ec = pki.issue("box", "EC");
    TlsFiles.Own rsa = pki.issue("box", "RSA");
    Path missing = directory.resolve("missing");
    Path text = Files.writeString(directory.resolve("text"), "hello\n");
    Path large = Files.write(directory.resolve("large"), new byte[300_000]);
    Path sec1 =
        Files.writeString(
            directory.resolve("sec1"),
            "-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n");
    Path damaged =
        Files.writeString(
            directory.resolve("damaged"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

    assertRefused(TlsFiles.trusting(missing), "cannot read " + missing + ": check that it is");
    assertRefused(TlsFiles.trusting(text), text + " ");
    assertRefused(TlsFiles.trusting(large), large + " is too large for a PEM file");
    TlsFiles trusting = TlsFiles.trusting(pki.ca());
    assertRefused(trusting.showing(ec.chain(), missing), "cannot read " + missing);
    assertRefused(trusting.showing(ec.chain(), sec1), sec1 + " is not a PKCS#8 key in PEM: ");
    assertRefused(trusting.showing(ec.chain(), damaged), damaged + " is not the EC key of ");
    assertRefused(trusting.showing(ec.chain(), rsa.key()), rsa.key() + " is not the EC key of ");
  }

  @Test
  void waitsDoubleAndAreHalfRandom() {
    Backoff backoff = new Backoff(100, 1_000, new Random(1));
    long[] spans = {100, 200, 400, 800, 1_000, 1_000};
    for (long span : spans) {
      long millis = backoff.nextNanos() / 1_000_000;
      assertTrue(millis >= span / 2 && millis <= span, span + ": " + millis);
    }
    backoff.reset();
    assertTrue(backoff.nextNanos() <= 100_000_000);
  }

  private void assertRefused(TlsFiles files, String start) {
    String message = refusal(() -> open(MqttSettings.device("mqtts://h", "box").with(files)));
    assertTrue(message.startsWith(start), message);
  }

  private static void open(MqttSettings settings) throws Exception {
    MqttBroker.open(settings, new Random(1)).close();
  }
}

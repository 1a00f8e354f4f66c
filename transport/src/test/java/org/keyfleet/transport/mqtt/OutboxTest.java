package org.keyfleet.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.MqttAddress;
import org.keyfleet.transport.QueueLimits;

class OutboxTest {
  private static final int LIMIT = 40;

  private final Outbox outbox = new Outbox(new QueueLimits(LIMIT, 100_000), 4);
  private MqttLink link;
  private long number;

  @BeforeEach
  void link() throws Exception {
    MqttBroker broker =
        MqttBroker.open(MqttSettings.server("mqtt://localhost:1", "gcks"), new Random(1));
    link = (MqttLink) broker.groupRekeys("tv");
  }

  /** Whoever may register can flood; the rekey that puts him out goes first all the same. */
  @Test
  void aFloodOfRegistrationsKeepsNoRekeyBack() {
    int answers = 0;
    while (outbox.offer(outgoing(60))) {
      answers++;
    }
    assertEquals(LIMIT * 3 / 4, answers);
    Outgoing rekey = outgoing(0);
    assertTrue(outbox.offer(rekey));
    assertEquals(rekey, outbox.next(0));
    for (int i = 0; i < LIMIT / 4 - 1; i++) {
      assertTrue(outbox.offer(outgoing(0)));
    }
    assertFalse(outbox.offer(outgoing(0)));
  }

  @Test
  void whatIsInFlightGoesAgainInItsOrder() {
    Outgoing first = outgoing(0);
    Outgoing second = outgoing(0);
    outbox.offer(first);
    outbox.offer(second);
    Outgoing taken = Objects.requireNonNull(outbox.next(0));
    assertEquals(second, outbox.next(0));
    outbox.connectionLost();
    assertEquals(taken, outbox.next(0));
    outbox.putBack(taken);
    assertEquals(first, outbox.next(0));
    assertEquals(second, outbox.next(0));
    outbox.done(first);
    outbox.done(second);
    assertNull(outbox.next(0));
    assertTrue(outbox.isEmpty());
  }

  private Outgoing outgoing(int expirySeconds) {
    return new Outgoing(
        number++,
        link,
        new Datagram(new MqttAddress("kf/tv/rekey"), new byte[] {1}),
        false,
        null,
        expirySeconds,
        0,
        () -> {});
  }
}

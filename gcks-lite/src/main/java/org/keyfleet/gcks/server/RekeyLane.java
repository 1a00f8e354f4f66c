package org.keyfleet.gcks.server;

import java.util.ArrayDeque;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;

/**
 * The rekey messages on their way to one broker, in order: nothing overtakes what the link did not
 * take, and each datagram counts as delivered when the broker has it.
 */
final class RekeyLane {
  private record Step(Bytes datagram, Runnable delivered) {}

  private final RekeyRoute route;
  private final ArrayDeque<Step> steps = new ArrayDeque<>();

  RekeyLane(RekeyRoute route) {
    this.route = route;
  }

  /**
   * Sends as soon as the link takes it.
   *
   * @param delivered runs for each datagram, on a thread of the link
   */
  void add(RekeyMessageRow message, Runnable delivered) {
    message.datagrams().forEach(datagram -> steps.add(new Step(datagram, delivered)));
    pump();
  }

  /** Gives the link what it takes. */
  void pump() {
    for (Step next = steps.peek(); next != null; next = steps.peek()) {
      Datagram datagram = new Datagram(route.group(), next.datagram().toArray());
      if (!route.link().send(datagram, next.delivered())) {
        return;
      }
      steps.remove();
    }
  }
}

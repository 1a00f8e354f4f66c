package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkState.Condition;
import org.keyfleet.transport.LinkTally;

/** Sends datagrams without blocking and keeps the state of the way out. */
final class DatagramSender {
  private final DatagramChannel channel;
  private final LinkTally tally;
  private volatile LinkState state = LinkState.UP;

  DatagramSender(DatagramChannel channel, LinkTally tally) {
    this.channel = channel;
    this.tally = tally;
  }

  LinkState state() {
    return state;
  }

  /** False when the datagram was dropped, which is counted. */
  boolean send(Datagram datagram, InetSocketAddress target) {
    boolean sent = false;
    try {
      // 0: the socket's buffer is full; UDP may lose, the protocol above repeats
      sent = channel.send(datagram.buffer(), target) > 0;
      if (!state.isUp()) {
        state = LinkState.UP;
      }
    } catch (ClosedChannelException e) {
      state = LinkState.CLOSED;
    } catch (IOException e) {
      state =
          new LinkState(
              Condition.UNREACHABLE,
              "cannot send to "
                  + target.getAddress().getHostAddress()
                  + ": "
                  + e.getMessage()
                  + "; check the routes and the firewall");
    }
    if (sent) {
      tally.sent();
    } else {
      tally.droppedOutbound();
    }
    return sent;
  }
}

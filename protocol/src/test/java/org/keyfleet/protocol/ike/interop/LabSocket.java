package org.keyfleet.protocol.ike.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** A blocking UDP socket that speaks in messages; its patience is ten seconds. */
final class LabSocket implements AutoCloseable {
  private final DatagramSocket socket;
  private final InetSocketAddress local;
  private InetSocketAddress remote;
  private int fragments;

  LabSocket(LabOptions options) throws IOException {
    local =
        new InetSocketAddress(
            InetAddress.getByName(options.get("local", "127.0.0.1")), options.number("port", 500));
    remote =
        new InetSocketAddress(
            InetAddress.getByName(options.get("remote", "127.0.0.1")),
            options.number("remotePort", 500));
    socket = new DatagramSocket(local);
    socket.setSoTimeout(10_000);
  }

  void send(List<Bytes> datagrams) throws IOException {
    for (Bytes datagram : datagrams) {
      byte[] octets = datagram.toArray();
      socket.send(new DatagramPacket(octets, octets.length, remote));
    }
  }

  InboundMessage receive() throws IOException, MalformedMessageException {
    DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
    socket.receive(packet);
    remote = (InetSocketAddress) packet.getSocketAddress();
    InboundMessage message =
        InboundMessage.parse(Bytes.copyOf(packet.getData(), 0, packet.getLength()));
    if (message instanceof SealedMessage sealed && sealed.body().isFragment()) {
      fragments++;
    }
    return message;
  }

  ClearMessage receiveClear() throws IOException, MalformedMessageException {
    return (ClearMessage) receive();
  }

  /** The next complete protected message. */
  OpenedMessage receiveOpened(SkProtection protection)
      throws IOException, MalformedMessageException, NotAuthenticException {
    Optional<OpenedMessage> opened = Optional.empty();
    while (opened.isEmpty()) {
      if (receive() instanceof SealedMessage sealed) {
        opened = protection.open(sealed, System.nanoTime());
      }
    }
    return opened.get();
  }

  /** Fragments received so far. */
  int fragments() {
    return fragments;
  }

  NatDetection.Endpoint localEndpoint() {
    return endpoint(local);
  }

  NatDetection.Endpoint remoteEndpoint() {
    return endpoint(remote);
  }

  private static NatDetection.Endpoint endpoint(InetSocketAddress address) {
    return new NatDetection.Endpoint(
        Bytes.copyOf(address.getAddress().getAddress()), address.getPort());
  }

  @Override
  public void close() {
    socket.close();
  }
}

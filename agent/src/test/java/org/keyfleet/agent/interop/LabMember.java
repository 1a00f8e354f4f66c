package org.keyfleet.agent.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.Purpose;
import org.keyfleet.agent.registration.RegistrationAction;
import org.keyfleet.agent.registration.RegistrationEvent;
import org.keyfleet.agent.registration.RegistrationMachine;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SoftSigner;

/** The agent's registration machine on two sockets, for a childless IKE_AUTH. */
public final class LabMember {
  private static final int PORT = 500;
  private static final int NAT_PORT = 4500;
  private static final int PATIENCE_MILLIS = 200;

  private final Map<String, String> words = new TreeMap<>();
  private final List<RegistrationAction> waiting = new ArrayList<>();
  private final DatagramSocket plain;
  private final DatagramSocket marked;
  private final InetAddress local;
  private final InetAddress remote;
  private final RegistrationMachine machine;
  private final SoftSigner signer;
  private int datagrams;

  private LabMember(String... arguments) throws Exception {
    for (String word : arguments) {
      int equals = word.indexOf('=');
      words.put(word.substring(0, equals), word.substring(equals + 1));
    }
    this.local = InetAddress.getByName(get("local", ""));
    this.remote = InetAddress.getByName(get("remote", ""));
    this.plain = new DatagramSocket(new InetSocketAddress(local, PORT));
    this.marked = new DatagramSocket(new InetSocketAddress(local, NAT_PORT));
    plain.setSoTimeout(PATIENCE_MILLIS);
    marked.setSoTimeout(PATIENCE_MILLIS);
    try (SecretBytes key = Pem.privateKey(read("own.key.pem"))) {
      this.signer = SoftSigner.ofPkcs8(key, new SecureRandom());
    }
    this.machine = new RegistrationMachine(profile(), new SecureRandom());
  }

  /** Ends with 0 when strongSwan authenticated itself and us. */
  public static void main(String[] arguments) throws Exception {
    System.exit(new LabMember(arguments).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    event(new RegistrationEvent.Start(Purpose.AUTHENTICATE, Optional.of(ends(PORT, PORT))));
    while (true) {
      while (!waiting.isEmpty()) {
        RegistrationAction action = waiting.remove(0);
        if (action instanceof RegistrationAction.Send send) {
          send(send);
        } else if (action instanceof RegistrationAction.Sign sign) {
          event(new RegistrationEvent.Signed(signer.sign(sign.octets())));
        } else if (action instanceof RegistrationAction.Derived derived) {
          System.out.println("nat " + derived.sa().natPort());
          System.out.println("suite " + derived.sa().suite());
        } else if (action instanceof RegistrationAction.Authenticated) {
          System.out.println("authenticated");
          event(new RegistrationEvent.Stop());
          while (!waiting.isEmpty()) {
            if (waiting.remove(0) instanceof RegistrationAction.Send goodbye) {
              send(goodbye);
            }
          }
          System.out.println("datagrams " + datagrams);
          return true;
        } else if (action instanceof RegistrationAction.Failed failed) {
          System.out.println(failed.reason() + " " + failed.text());
          return false;
        }
      }
      receive(plain, PORT, false);
      receive(marked, NAT_PORT, true);
      event(new RegistrationEvent.Tick());
    }
  }

  private void send(RegistrationAction.Send send) throws IOException {
    for (Bytes datagram : send.datagrams()) {
      datagrams++;
      DatagramSocket socket = send.natPort() ? marked : plain;
      byte[] octets = datagram.toArray();
      socket.send(
          new DatagramPacket(octets, octets.length, remote, send.natPort() ? NAT_PORT : PORT));
    }
  }

  private void receive(DatagramSocket socket, int port, boolean marker) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException nothing) {
      return;
    }
    Bytes octets = Bytes.copyOf(packet.getData(), 0, packet.getLength());
    if (marker && NonEspMarker.kind(octets) != NonEspMarker.Kind.IKE) {
      return;
    }
    event(
        new RegistrationEvent.Received(
            marker ? NonEspMarker.strip(octets) : octets,
            Optional.of(ends(port, packet.getPort()))));
  }

  private void event(RegistrationEvent event) {
    waiting.addAll(machine.onEvent(event, System.nanoTime()));
  }

  private PathEnds ends(int localPort, int remotePort) {
    // a wrong idea of our own address makes strongSwan see a NAT
    Bytes address =
        get("nat", "no").equals("yes")
            ? Bytes.fromHex("c0000201")
            : Bytes.copyOf(local.getAddress());
    return new PathEnds(
        new NatDetection.Endpoint(address, localPort),
        new NatDetection.Endpoint(Bytes.copyOf(remote.getAddress()), remotePort));
  }

  private RegistrationProfile profile() throws Exception {
    boolean certificate = get("auth", "psk").equals("certificate");
    return new RegistrationProfile(
        id(IdPayload.Kind.INITIATOR, certificate ? "member.lab" : "psk.member.lab"),
        id(IdPayload.Kind.RESPONDER, "gcks.lab"),
        certificate
            ? new MemberCredential.Certificate(
                CertificateChain.ofPem(read("own.cert.pem")), signer.scheme())
            : new MemberCredential.Psk(
                SecretBytes.takeFrom(Bytes.ofUtf8("a secret of the laboratory").toArray())),
        certificate ? Optional.of(TrustAnchors.ofPem(read("ca.cert.pem"))) : Optional.empty(),
        GroupId.ofName("none"),
        Optional.empty(),
        suites(),
        InstantSource.system(),
        Integer.parseInt(get("maxDatagram", "1280")),
        Retransmission.Policy.STANDARD);
  }

  private static IdPayload id(IdPayload.Kind kind, String name) {
    return IdPayload.of(kind, IdType.ID_FQDN, Bytes.ofUtf8(name));
  }

  private SuitePolicy suites() {
    IkeSuite.Encryption encryption =
        get("cipher", "gcm").equals("cbc")
            ? IkeSuite.Encryption.AES_CBC_256_SHA256
            : IkeSuite.Encryption.AES_GCM_128;
    List<KeyExchangeMethod> methods = new ArrayList<>();
    for (String method : get("ke", "CURVE25519").split(",", -1)) {
      methods.add(KeyExchangeMethod.valueOf(method));
    }
    return new SuitePolicy(
        List.of(encryption), List.of(Prf.HMAC_SHA2_256), methods, List.of(), false);
  }

  private String read(String file) throws IOException {
    return Files.readString(Path.of(get("directory", ".")).resolve(file));
  }

  private String get(String name, String otherwise) {
    return words.getOrDefault(name, otherwise);
  }
}

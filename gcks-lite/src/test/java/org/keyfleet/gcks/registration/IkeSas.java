package org.keyfleet.gcks.registration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.Optional;
import org.keyfleet.gcks.group.Authentication;
import org.keyfleet.gcks.group.MemberId;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.transport.UdpAddress;

/** IKE SAs as an initiator with real keys leaves them at the responder. */
final class IkeSas {
  private static final IkeSuite SUITE =
      new IkeSuite(
          IkeSuite.Encryption.AES_GCM_128,
          Prf.HMAC_SHA2_256,
          KeyExchangeMethod.CURVE25519,
          Optional.of(KeyWrap.KW_5649_128));

  private final SecureRandom random = new SecureRandom();

  IkeSa halfOpen(String host, int port) {
    Bytes nonce = Bytes.copyOf(new byte[32]);
    InitRecord init =
        new InitRecord(
            Bytes.ofUtf8("request"),
            Bytes.ofUtf8("response"),
            nonce,
            nonce,
            SUITE,
            SUITE.keyExchange().generate(random),
            SUITE.keyExchange().generate(random).publicValue(),
            Optional.empty(),
            true,
            true);
    return new IkeSa(IkeSpi.random(random), IkeSpi.random(random), init, path(host, port), 0);
  }

  /** One that has come as far as {@code phase}, with an own GSK_w. */
  IkeSa authenticated(SaTable table, String identity, IkeSa.Phase phase)
      throws MalformedMessageException {
    IkeSa sa = halfOpen("192.0.2.1", 1000 + table.size());
    table.add(sa);
    sa.protect(random);
    sa.authenticated(
        new AuthenticPeer(new MemberId(identity), Authentication.PSK, Optional.empty()));
    sa.gskW = java.util.Objects.requireNonNull(sa.keys).gskW(KeyWrap.KW_5649_128);
    table.authenticated(sa, identity);
    sa.phase = phase;
    sa.deadlineNanos = Long.MAX_VALUE / 2;
    return sa;
  }

  static PeerPath path(String host, int port) {
    try {
      UdpAddress peer = new UdpAddress(InetAddress.getByName(host), port);
      return new PeerPath(0, peer, false, "udp", Optional::empty);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(host, e);
    }
  }
}

package org.keyfleet.gcks.registration;

import java.util.Optional;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Takes IKE_SA_INIT requests in: who is answered without state, who gets a half-open SA, who gets
 * nothing.
 */
final class InitIntake {
  private final SaTable table;
  private final InitResponder init;

  InitIntake(SaTable table, InitResponder init) {
    this.table = table;
    this.init = init;
  }

  /** The response; empty to drop the request. */
  Optional<Bytes> response(ClearMessage request, PeerPath path, long nowNanos)
      throws MalformedMessageException {
    if (!isInitRequest(request.header())) {
      return Optional.empty();
    }
    Bytes source = path.source();
    Optional<IkeSa> known = table.halfOpen(request.header().initiatorSpi(), source);
    if (known.isPresent()) {
      // section 2.1: a retransmitted request gets the same response; another one is an attack
      return known.get().lastRequest.equals(request.octets())
          ? Optional.of(known.get().init.response())
          : Optional.empty();
    }
    if (table.wantsCookies()) {
      Optional<Bytes> demand = init.demandCookie(request, source, nowNanos);
      if (demand.isPresent()) {
        return demand;
      }
    }
    return table.makeRoomFor(path.network())
        ? Optional.of(answer(request, path, nowNanos))
        : Optional.empty();
  }

  private Bytes answer(ClearMessage request, PeerPath path, long nowNanos)
      throws MalformedMessageException {
    InitResponder.Answer answer = init.answer(request, path);
    if (answer.kept().isPresent()) {
      InitResponder.NewSa fresh = answer.kept().get();
      table.add(
          new IkeSa(
              request.header().initiatorSpi(),
              fresh.responderSpi(),
              fresh.init(),
              path,
              nowNanos + ResponderLimits.HALF_OPEN_NANOS));
    }
    return answer.response();
  }

  private static boolean isInitRequest(IkeHeader header) {
    return header.exchange() == ExchangeType.IKE_SA_INIT
        && !header.response()
        && header.fromInitiator()
        && header.messageId() == 0
        && header.responderSpi().isNone();
  }
}

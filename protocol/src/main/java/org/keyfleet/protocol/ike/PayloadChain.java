package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Payloads one behind the other, each naming the type of the next (RFC 7296 section 3.2). */
public final class PayloadChain {
  // From RFC 7296 section 3.2
  static final int HEADER_OCTETS = 4;
  private static final int CRITICAL = 0x80;

  // Ours
  public static final int MAX_PAYLOADS = 64;

  private PayloadChain() {}

  /** The type of the first payload, 0 when there is none. */
  public static int firstType(List<Payload> payloads) {
    return payloads.isEmpty() ? PayloadType.NO_NEXT_PAYLOAD : payloads.get(0).typeCode();
  }

  /** The chain as the content of an SK payload, or what follows the header of a clear message. */
  public static Bytes encode(List<Payload> payloads) {
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < payloads.size(); i++) {
      Payload payload = payloads.get(i);
      out.u8(firstType(payloads.subList(i + 1, payloads.size())));
      out.u8(payload.critical() ? CRITICAL : 0);
      out.lengthU16(HEADER_OCTETS, payload::encodeBody);
    }
    return out.toBytes();
  }

  /** Reads the content of an SK payload, which holds no SK itself. */
  public static PayloadList decode(int firstType, Bytes content) throws MalformedMessageException {
    ByteReader in = content.reader();
    Decoded decoded = decodeUntilSealed(firstType, in);
    if (decoded.stoppedAt().isPresent()) {
      throw new MalformedMessageException(decoded.stoppedAt().get() + " inside SK");
    }
    in.expectEnd("payloads");
    return decoded.payloads();
  }

  /**
   * Payloads up to the end or up to an SK or SKF payload, whose type is {@code stoppedAt}.
   *
   * @param stoppedAt empty when the chain ended with Next Payload 0
   */
  record Decoded(PayloadList payloads, Optional<PayloadType> stoppedAt) {}

  static Decoded decodeUntilSealed(int firstType, ByteReader in) throws MalformedMessageException {
    List<Payload> payloads = new ArrayList<>();
    int type = firstType;
    while (type != PayloadType.NO_NEXT_PAYLOAD) {
      Optional<PayloadType> known = PayloadType.ofCode(type);
      if (known.isPresent() && isSealed(known.get())) {
        return new Decoded(new PayloadList(payloads), known);
      }
      if (payloads.size() == MAX_PAYLOADS) {
        throw new MalformedMessageException("payloads: more than " + MAX_PAYLOADS);
      }
      int next = in.u8("next payload");
      boolean critical = (in.u8("payload flags") & CRITICAL) != 0;
      int length = in.u16("payload length");
      if (length < HEADER_OCTETS) {
        throw new MalformedMessageException("payload length: " + length);
      }
      ByteReader body = in.child(length - HEADER_OCTETS, "payload " + type);
      payloads.add(decodeOne(type, known, critical, body));
      body.expectEnd("payload " + type);
      type = next;
    }
    return new Decoded(new PayloadList(payloads), Optional.empty());
  }

  private static boolean isSealed(PayloadType type) {
    return type == PayloadType.SK || type == PayloadType.SKF;
  }

  /**
   * Decodes one body. RFC 7296 section 2.5: the critical bit counts only for types the reader does
   * not understand.
   */
  static Payload decodeOne(int type, Optional<PayloadType> known, boolean critical, ByteReader body)
      throws MalformedMessageException {
    if (known.isEmpty()) {
      if (critical) {
        throw new UnsupportedCriticalPayloadException(type);
      }
      return UnknownPayload.decode(type, false, body);
    }
    return switch (known.get()) {
      case SA -> SaPayload.decode(body);
      case KE -> KePayload.decode(body);
      case IDI -> IdPayload.decode(IdPayload.Kind.INITIATOR, body);
      case IDR -> IdPayload.decode(IdPayload.Kind.RESPONDER, body);
      case CERT -> CertPayload.decode(body);
      case CERTREQ -> CertReqPayload.decode(body);
      case AUTH -> AuthPayload.decode(body);
      case NONCE -> NoncePayload.decode(body);
      case NOTIFY -> NotifyPayload.decode(body);
      case DELETE -> DeletePayload.decode(body);
      case VENDOR_ID -> VendorIdPayload.decode(body);
      case IDG -> IdPayload.decode(IdPayload.Kind.GROUP, body);
      case GSA -> GsaPayload.decode(body);
      case KD -> KdPayload.decode(body);
      case TSI, TSR, CP, EAP -> UnknownPayload.decode(type, critical, body);
      case SK, SKF -> throw new MalformedMessageException("payload " + type + " inside another");
    };
  }
}

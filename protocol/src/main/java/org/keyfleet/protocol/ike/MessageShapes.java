package org.keyfleet.protocol.ike;

import static org.keyfleet.protocol.ike.PayloadType.AUTH;
import static org.keyfleet.protocol.ike.PayloadType.CERT;
import static org.keyfleet.protocol.ike.PayloadType.CERTREQ;
import static org.keyfleet.protocol.ike.PayloadType.CP;
import static org.keyfleet.protocol.ike.PayloadType.DELETE;
import static org.keyfleet.protocol.ike.PayloadType.GSA;
import static org.keyfleet.protocol.ike.PayloadType.IDG;
import static org.keyfleet.protocol.ike.PayloadType.IDI;
import static org.keyfleet.protocol.ike.PayloadType.IDR;
import static org.keyfleet.protocol.ike.PayloadType.KD;
import static org.keyfleet.protocol.ike.PayloadType.KE;
import static org.keyfleet.protocol.ike.PayloadType.NONCE;
import static org.keyfleet.protocol.ike.PayloadType.NOTIFY;
import static org.keyfleet.protocol.ike.PayloadType.SA;
import static org.keyfleet.protocol.ike.PayloadType.TSI;
import static org.keyfleet.protocol.ike.PayloadType.TSR;
import static org.keyfleet.protocol.ike.PayloadType.VENDOR_ID;

import java.util.List;
import java.util.Map;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Which payloads a message may hold, as a table: RFC 7296 appendix C, RFC 6023 section 4, RFC 9838
 * sections 2.3 and 2.4. A message fits its exchange when it fits one of the shapes.
 */
final class MessageShapes {
  // Ours
  private static final int MAX_CERTS = 8;
  private static final int MAX_NOTIFIES = 32;
  private static final int MAX_DELETES = 16;
  private static final int MAX_VENDOR_IDS = 16;

  /** How often a payload may be there. */
  private record Rule(PayloadType type, int min, int max) {}

  private record Kind(ExchangeType exchange, boolean response, boolean sealed) {}

  /** Every shape takes notifies, vendor IDs and unknown payloads besides its own rules. */
  private record Shape(int minNotifies, List<Rule> rules) {

    boolean fits(PayloadList payloads) {
      int allowed = 0;
      for (Rule rule : rules) {
        int count = payloads.count(rule.type.code());
        if (count < rule.min || count > rule.max) {
          return false;
        }
        allowed += count;
      }
      int notifies = payloads.count(NOTIFY.code());
      int vendorIds = payloads.count(VENDOR_ID.code());
      if (notifies < minNotifies || notifies > MAX_NOTIFIES || vendorIds > MAX_VENDOR_IDS) {
        return false;
      }
      return allowed + notifies + vendorIds + unassigned(payloads) == payloads.all().size();
    }

    private static int unassigned(PayloadList payloads) {
      return (int)
          payloads.all().stream()
              .filter(payload -> PayloadType.ofCode(payload.typeCode()).isEmpty())
              .count();
    }
  }

  private static final Shape EMPTY_OR_NOTIFIES = new Shape(0, List.of());
  private static final Shape NOTIFIES = new Shape(1, List.of());

  private static final Shape GROUP_KEYS = shape(one(GSA), one(KD), many(DELETE, MAX_DELETES));
  private static final Shape GROUP_DELETE = shape(some(DELETE, MAX_DELETES));

  private static final Map<Kind, List<Shape>> TABLE =
      Map.ofEntries(
          Map.entry(
              clear(ExchangeType.IKE_SA_INIT, false), List.of(shape(one(SA), one(KE), one(NONCE)))),
          Map.entry(
              clear(ExchangeType.IKE_SA_INIT, true),
              List.of(shape(one(SA), one(KE), one(NONCE), many(CERTREQ, MAX_CERTS)), NOTIFIES)),
          // RFC 7296 section 1.5: notifies outside an IKE SA
          Map.entry(clear(ExchangeType.INFORMATIONAL, false), List.of(NOTIFIES)),
          Map.entry(clear(ExchangeType.INFORMATIONAL, true), List.of(NOTIFIES)),
          Map.entry(
              sealed(ExchangeType.IKE_AUTH, false),
              List.of(
                  shape(
                      one(IDI),
                      many(CERT, MAX_CERTS),
                      many(CERTREQ, MAX_CERTS),
                      optional(IDR),
                      one(AUTH),
                      optional(CP),
                      optional(SA),
                      optional(TSI),
                      optional(TSR)))),
          Map.entry(
              sealed(ExchangeType.IKE_AUTH, true),
              List.of(
                  shape(
                      one(IDR),
                      many(CERT, MAX_CERTS),
                      one(AUTH),
                      optional(CP),
                      optional(SA),
                      optional(TSI),
                      optional(TSR)),
                  NOTIFIES)),
          Map.entry(
              sealed(ExchangeType.CREATE_CHILD_SA, false),
              List.of(shape(one(SA), one(NONCE), optional(KE), optional(TSI), optional(TSR)))),
          Map.entry(
              sealed(ExchangeType.CREATE_CHILD_SA, true),
              List.of(
                  shape(one(SA), one(NONCE), optional(KE), optional(TSI), optional(TSR)),
                  NOTIFIES)),
          Map.entry(
              sealed(ExchangeType.INFORMATIONAL, false),
              List.of(shape(many(DELETE, MAX_DELETES), optional(CP)))),
          Map.entry(
              sealed(ExchangeType.INFORMATIONAL, true),
              List.of(shape(many(DELETE, MAX_DELETES), optional(CP)))),
          Map.entry(
              sealed(ExchangeType.GSA_AUTH, false),
              List.of(
                  shape(
                      one(IDI),
                      many(CERT, MAX_CERTS),
                      many(CERTREQ, MAX_CERTS),
                      optional(IDR),
                      one(AUTH),
                      one(IDG),
                      optional(SA)))),
          Map.entry(
              sealed(ExchangeType.GSA_AUTH, true),
              List.of(
                  shape(one(IDR), many(CERT, MAX_CERTS), one(AUTH), one(GSA), one(KD)),
                  new Shape(1, List.of(one(IDR), many(CERT, MAX_CERTS), one(AUTH))),
                  NOTIFIES)),
          Map.entry(
              sealed(ExchangeType.GSA_REGISTRATION, false), List.of(shape(one(IDG), optional(SA)))),
          Map.entry(
              sealed(ExchangeType.GSA_REGISTRATION, true),
              List.of(shape(one(GSA), one(KD)), EMPTY_OR_NOTIFIES)),
          Map.entry(
              sealed(ExchangeType.GSA_REKEY, false),
              List.of(
                  shape(one(GSA), one(KD), many(DELETE, MAX_DELETES), optional(AUTH)),
                  shape(some(DELETE, MAX_DELETES), optional(AUTH)))),
          Map.entry(
              sealed(ExchangeType.GSA_INBAND_REKEY, false), List.of(GROUP_KEYS, GROUP_DELETE)),
          Map.entry(sealed(ExchangeType.GSA_INBAND_REKEY, true), List.of(EMPTY_OR_NOTIFIES)));

  private MessageShapes() {}

  /** Checks a message that has no SK payload. */
  static void requireClear(IkeHeader header, PayloadList payloads)
      throws MalformedMessageException {
    requireShape(clear(header.exchange(), header.response()), payloads);
  }

  /** Checks what came out of an SK payload. */
  static void requireOpened(IkeHeader header, PayloadList payloads)
      throws MalformedMessageException {
    requireShape(sealed(header.exchange(), header.response()), payloads);
  }

  /** Checks that an SK payload may be there, with nothing in the clear before it. */
  static void requireSealedAllowed(IkeHeader header, PayloadList clearPayloads)
      throws MalformedMessageException {
    if (!TABLE.containsKey(sealed(header.exchange(), header.response()))
        || !clearPayloads.isEmpty()) {
      throw new MalformedMessageException(
          name(header.exchange(), header.response())
              + ": SK after "
              + clearPayloads.all().size()
              + " payloads");
    }
  }

  private static void requireShape(Kind kind, PayloadList payloads)
      throws MalformedMessageException {
    for (Shape shape : TABLE.getOrDefault(kind, List.of())) {
      if (shape.fits(payloads)) {
        return;
      }
    }
    List<Integer> types = payloads.all().stream().map(Payload::typeCode).toList();
    throw new MalformedMessageException(
        name(kind.exchange, kind.response)
            + (kind.sealed ? "" : " in the clear")
            + ": payloads "
            + types);
  }

  private static String name(ExchangeType exchange, boolean response) {
    return exchange + (response ? " response" : " request");
  }

  private static Kind clear(ExchangeType exchange, boolean response) {
    return new Kind(exchange, response, false);
  }

  private static Kind sealed(ExchangeType exchange, boolean response) {
    return new Kind(exchange, response, true);
  }

  private static Shape shape(Rule... rules) {
    return new Shape(0, List.of(rules));
  }

  private static Rule one(PayloadType type) {
    return new Rule(type, 1, 1);
  }

  private static Rule optional(PayloadType type) {
    return new Rule(type, 0, 1);
  }

  private static Rule some(PayloadType type, int max) {
    return new Rule(type, 1, max);
  }

  private static Rule many(PayloadType type, int max) {
    return new Rule(type, 0, max);
  }
}

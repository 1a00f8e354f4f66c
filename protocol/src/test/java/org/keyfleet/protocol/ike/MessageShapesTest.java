package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Each exchange takes its own payloads and no other. */
class MessageShapesTest {
  private static final Payload SA =
      new SaPayload(List.of(Proposal.of(1, ProtocolId.IKE, List.of())));
  private static final Payload KE = new KePayload(31, Bytes.of(1));
  private static final Payload NONCE = new NoncePayload(Bytes.fromHex("11".repeat(16)));
  private static final Payload NOTIFY = NotifyPayload.of(NotifyType.INITIAL_CONTACT);
  private static final Payload IDI = id(IdPayload.Kind.INITIATOR);
  private static final Payload IDR = id(IdPayload.Kind.RESPONDER);
  private static final Payload IDG = id(IdPayload.Kind.GROUP);
  private static final Payload CERT = CertPayload.x509(Bytes.of(1));
  private static final Payload CERTREQ = CertReqPayload.x509(List.of());
  private static final Payload AUTH = new AuthPayload(2, Bytes.of(1));
  private static final Payload DELETE = DeletePayload.ikeSa();
  private static final Payload VENDOR = new VendorIdPayload(Bytes.of(1));
  private static final Payload GSA = new GsaPayload(Bytes.of(1));
  private static final Payload KD = new KdPayload(Bytes.of(1));
  private static final Payload TSI = new UnknownPayload(44, false, Bytes.EMPTY);
  private static final Payload TSR = new UnknownPayload(45, false, Bytes.EMPTY);
  private static final Payload EAP = new UnknownPayload(48, false, Bytes.EMPTY);
  private static final Payload UNKNOWN = new UnknownPayload(200, false, Bytes.EMPTY);

  private static Payload id(IdPayload.Kind kind) {
    return IdPayload.of(kind, IdType.ID_KEY_ID, Bytes.of(1));
  }

  record Case(ExchangeType exchange, boolean response, boolean clear, List<Payload> payloads) {}

  private static Case clear(ExchangeType exchange, boolean response, Payload... payloads) {
    return new Case(exchange, response, true, List.of(payloads));
  }

  private static Case request(ExchangeType exchange, Payload... payloads) {
    return new Case(exchange, false, false, List.of(payloads));
  }

  private static Case response(ExchangeType exchange, Payload... payloads) {
    return new Case(exchange, true, false, List.of(payloads));
  }

  static Stream<Case> good() {
    return Stream.of(
        clear(ExchangeType.IKE_SA_INIT, false, SA, KE, NONCE),
        clear(ExchangeType.IKE_SA_INIT, false, NOTIFY, SA, KE, NONCE, VENDOR, UNKNOWN),
        clear(ExchangeType.IKE_SA_INIT, true, SA, KE, NONCE, CERTREQ, NOTIFY),
        clear(ExchangeType.IKE_SA_INIT, true, NOTIFY),
        clear(ExchangeType.INFORMATIONAL, true, NOTIFY),
        request(ExchangeType.IKE_AUTH, IDI, AUTH), // childless
        request(ExchangeType.IKE_AUTH, IDI, CERT, CERT, CERTREQ, IDR, AUTH, SA, TSI, TSR, NOTIFY),
        response(ExchangeType.IKE_AUTH, IDR, CERT, AUTH),
        response(ExchangeType.IKE_AUTH, IDR, AUTH, SA, TSI, TSR),
        response(ExchangeType.IKE_AUTH, NOTIFY),
        request(ExchangeType.CREATE_CHILD_SA, SA, NONCE, KE, TSI, TSR, NOTIFY),
        response(ExchangeType.CREATE_CHILD_SA, NOTIFY),
        request(ExchangeType.INFORMATIONAL),
        request(ExchangeType.INFORMATIONAL, DELETE),
        response(ExchangeType.INFORMATIONAL, NOTIFY),
        request(ExchangeType.GSA_AUTH, IDI, CERT, CERTREQ, IDR, AUTH, IDG, SA, NOTIFY),
        request(ExchangeType.GSA_AUTH, IDI, AUTH, IDG),
        response(ExchangeType.GSA_AUTH, IDR, CERT, AUTH, GSA, KD, NOTIFY),
        response(ExchangeType.GSA_AUTH, IDR, AUTH, NOTIFY),
        response(ExchangeType.GSA_AUTH, NOTIFY),
        request(ExchangeType.GSA_REGISTRATION, IDG, SA, NOTIFY),
        response(ExchangeType.GSA_REGISTRATION, GSA, KD),
        response(ExchangeType.GSA_REGISTRATION, NOTIFY),
        response(ExchangeType.GSA_REGISTRATION),
        request(ExchangeType.GSA_REKEY, GSA, KD, NOTIFY, AUTH),
        request(ExchangeType.GSA_REKEY, GSA, KD, DELETE),
        request(ExchangeType.GSA_REKEY, DELETE, DELETE, AUTH),
        request(ExchangeType.GSA_INBAND_REKEY, GSA, KD),
        request(ExchangeType.GSA_INBAND_REKEY, DELETE),
        response(ExchangeType.GSA_INBAND_REKEY));
  }

  static Stream<Case> bad() {
    return Stream.of(
        clear(ExchangeType.IKE_SA_INIT, false, SA, KE),
        clear(ExchangeType.IKE_SA_INIT, false, SA, SA, KE, NONCE),
        clear(ExchangeType.IKE_SA_INIT, false, SA, KE, NONCE, AUTH),
        clear(ExchangeType.IKE_SA_INIT, false, NOTIFY),
        clear(ExchangeType.IKE_SA_INIT, true),
        clear(ExchangeType.INFORMATIONAL, false),
        clear(ExchangeType.INFORMATIONAL, false, DELETE),
        clear(ExchangeType.IKE_AUTH, false, IDI, AUTH),
        clear(ExchangeType.GSA_AUTH, false, IDI, AUTH, IDG),
        clear(ExchangeType.GSA_REKEY, false, GSA, KD),
        request(ExchangeType.IKE_AUTH, IDI), // would ask for EAP
        request(ExchangeType.IKE_AUTH, IDR, AUTH),
        request(ExchangeType.IKE_AUTH, IDI, AUTH, EAP),
        request(ExchangeType.IKE_AUTH, IDI, AUTH, GSA),
        request(ExchangeType.IKE_AUTH, IDI, AUTH, IDG),
        response(ExchangeType.IKE_AUTH),
        request(ExchangeType.INFORMATIONAL, GSA),
        request(ExchangeType.GSA_AUTH, IDI, AUTH),
        request(ExchangeType.GSA_AUTH, IDI, AUTH, IDG, TSI, TSR),
        response(ExchangeType.GSA_AUTH, IDR, AUTH),
        response(ExchangeType.GSA_AUTH, IDR, AUTH, GSA),
        response(ExchangeType.GSA_AUTH, GSA, KD),
        request(ExchangeType.GSA_REGISTRATION, NOTIFY),
        request(ExchangeType.GSA_REGISTRATION, IDG, GSA),
        response(ExchangeType.GSA_REGISTRATION, GSA),
        request(ExchangeType.GSA_REKEY, GSA),
        request(ExchangeType.GSA_REKEY, NOTIFY),
        request(ExchangeType.GSA_REKEY, GSA, KD, AUTH, AUTH),
        request(ExchangeType.GSA_REKEY, GSA, GSA, KD),
        response(ExchangeType.GSA_REKEY, GSA, KD),
        request(ExchangeType.GSA_INBAND_REKEY, GSA, KD, AUTH), // signed only when multicast
        response(ExchangeType.GSA_INBAND_REKEY, GSA, KD),
        request(ExchangeType.IKE_INTERMEDIATE));
  }

  @ParameterizedTest
  @MethodSource("good")
  void takes(Case good) {
    assertDoesNotThrow(() -> check(good));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refuses(Case bad) {
    assertThrows(MalformedMessageException.class, () -> check(bad));
  }

  @Test
  void boundsEachKind() {
    refuseMoreThan(8, CERT, request(ExchangeType.IKE_AUTH, IDI, AUTH));
    refuseMoreThan(32, NOTIFY, request(ExchangeType.INFORMATIONAL));
    refuseMoreThan(16, VENDOR, request(ExchangeType.INFORMATIONAL));
    refuseMoreThan(16, DELETE, request(ExchangeType.GSA_REKEY, AUTH));
  }

  private static void refuseMoreThan(int max, Payload payload, Case base) {
    assertDoesNotThrow(() -> check(with(base, payload, max)));
    assertThrows(MalformedMessageException.class, () -> check(with(base, payload, max + 1)));
  }

  private static Case with(Case base, Payload payload, int count) {
    List<Payload> payloads =
        Stream.concat(base.payloads.stream(), Collections.nCopies(count, payload).stream())
            .toList();
    return new Case(base.exchange, base.response, base.clear, payloads);
  }

  private static void check(Case message) throws MalformedMessageException {
    IkeHeader header =
        new IkeHeader(TestKeys.SPI_I, TestKeys.SPI_R, message.exchange, true, message.response, 1);
    PayloadList payloads = new PayloadList(message.payloads);
    if (message.clear) {
      MessageShapes.requireClear(header, payloads);
    } else {
      MessageShapes.requireOpened(header, payloads);
    }
  }

  @Test
  void noTypeOfPayloadIsNothing() {
    Arrays.stream(PayloadType.values())
        .forEach(
            type ->
                assertThrows(
                    MalformedMessageException.class,
                    () -> PayloadChain.decode(type.code(), Bytes.EMPTY)));
  }
}

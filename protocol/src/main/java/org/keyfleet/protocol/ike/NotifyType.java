package org.keyfleet.protocol.ike;

import java.util.Optional;

/**
 * Notify message types (RFC 7296 section 3.10.1; the section beside a number where another text
 * assigns it). A peer's unknown type stays a number in {@link NotifyPayload}.
 */
public enum NotifyType {
  UNSUPPORTED_CRITICAL_PAYLOAD(1),
  INVALID_IKE_SPI(4),
  INVALID_MAJOR_VERSION(5),
  INVALID_SYNTAX(7),
  INVALID_MESSAGE_ID(9),
  INVALID_SPI(11),
  NO_PROPOSAL_CHOSEN(14),
  INVALID_KE_PAYLOAD(17),
  AUTHENTICATION_FAILED(24),
  SINGLE_PAIR_REQUIRED(34),
  NO_ADDITIONAL_SAS(35),
  INTERNAL_ADDRESS_FAILURE(36),
  FAILED_CP_REQUIRED(37),
  TS_UNACCEPTABLE(38),
  INVALID_SELECTORS(39),
  TEMPORARY_FAILURE(43),
  CHILD_SA_NOT_FOUND(44),
  INVALID_GROUP_ID(45), // RFC 9838 section 4.7.1
  AUTHORIZATION_FAILED(46), // RFC 9838 section 4.7.2
  STATE_NOT_FOUND(47), // RFC 9370
  REGISTRATION_FAILED(49), // RFC 9838 section 4.7.3
  INITIAL_CONTACT(16384),
  SET_WINDOW_SIZE(16385),
  ADDITIONAL_TS_POSSIBLE(16386),
  IPCOMP_SUPPORTED(16387),
  NAT_DETECTION_SOURCE_IP(16388),
  NAT_DETECTION_DESTINATION_IP(16389),
  COOKIE(16390),
  USE_TRANSPORT_MODE(16391),
  HTTP_CERT_LOOKUP_SUPPORTED(16392),
  REKEY_SA(16393),
  ESP_TFC_PADDING_NOT_SUPPORTED(16394),
  NON_FIRST_FRAGMENTS_ALSO(16395),
  MOBIKE_SUPPORTED(16396), // RFC 4555
  MULTIPLE_AUTH_SUPPORTED(16404), // RFC 4739
  REDIRECT_SUPPORTED(16406), // RFC 5685
  EAP_ONLY_AUTHENTICATION(16417), // RFC 5998
  CHILDLESS_IKEV2_SUPPORTED(16418), // RFC 6023
  QUICK_CRASH_DETECTION(16419), // RFC 6290
  IKEV2_MESSAGE_ID_SYNC_SUPPORTED(16420), // RFC 6311
  GROUP_SENDER(16429), // RFC 9838 section 4.7.4
  IKEV2_FRAGMENTATION_SUPPORTED(16430), // RFC 7383
  SIGNATURE_HASH_ALGORITHMS(16431), // RFC 7427
  USE_PPK(16435), // RFC 8784
  PPK_IDENTITY(16436),
  NO_PPK_AUTH(16437),
  INTERMEDIATE_EXCHANGE_SUPPORTED(16438), // RFC 9242
  ADDITIONAL_KEY_EXCHANGE(16441); // RFC 9370

  /** "Types in the range 0 - 16383 are intended for reporting errors." */
  private static final int FIRST_STATUS_TYPE = 16384;

  private final int code;

  NotifyType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** Whether a notify of this number, known or not, reports an error. */
  public static boolean isError(int code) {
    return code < FIRST_STATUS_TYPE;
  }

  public static Optional<NotifyType> ofCode(int code) {
    for (NotifyType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}

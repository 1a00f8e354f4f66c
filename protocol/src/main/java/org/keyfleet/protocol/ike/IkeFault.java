package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyExchangeMethod;

/**
 * Why we refuse what a peer sent, and the one place that turns it into a notify (RFC 7296 section
 * 2.21, RFC 9838 section 4.7).
 */
public sealed interface IkeFault {
  /** Broken format, or payloads that do not belong into the message. */
  record InvalidSyntax() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.INVALID_SYNTAX;
    }
  }

  /** A critical payload of a type we do not know. */
  record UnsupportedCriticalPayload(int payloadType) implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD;
    }
  }

  /** A major version above ours. */
  record InvalidMajorVersion() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.INVALID_MAJOR_VERSION;
    }
  }

  /** A message for an IKE SA that we do not have. */
  record InvalidIkeSpi() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.INVALID_IKE_SPI;
    }
  }

  /** A Message ID outside the window; never sent in a response (RFC 7296 section 2.3). */
  record InvalidMessageId(long messageId) implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.INVALID_MESSAGE_ID;
    }
  }

  record NoProposalChosen() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.NO_PROPOSAL_CHOSEN;
    }
  }

  record InvalidKeyExchange(KeyExchangeMethod wanted) implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.INVALID_KE_PAYLOAD;
    }
  }

  /** Wrong AUTH, unknown identity, untrusted certificate: all the same outside. */
  record AuthenticationFailed() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.AUTHENTICATION_FAILED;
    }
  }

  /** We make no Child SAs. */
  record NoAdditionalSas() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.NO_ADDITIONAL_SAS;
    }
  }

  record TemporaryFailure() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.TEMPORARY_FAILURE;
    }
  }

  /** IDg names no group of ours. */
  record InvalidGroupId() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.INVALID_GROUP_ID;
    }
  }

  /** The member may not join this group. */
  record AuthorizationFailed() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.AUTHORIZATION_FAILED;
    }
  }

  /** The registration failed for reasons that are not the member's. */
  record RegistrationFailed() implements IkeFault {
    @Override
    public NotifyType type() {
      return NotifyType.REGISTRATION_FAILED;
    }
  }

  /** The fault behind an exception of a decoder. */
  static IkeFault of(MalformedMessageException malformed) {
    if (malformed instanceof UnsupportedCriticalPayloadException critical) {
      return new UnsupportedCriticalPayload(critical.payloadType());
    }
    if (malformed instanceof UnsupportedVersionException) {
      return new InvalidMajorVersion();
    }
    return new InvalidSyntax();
  }

  /** The notify that tells the peer. */
  default NotifyPayload toNotify() {
    if (this instanceof UnsupportedCriticalPayload critical) {
      return NotifyPayload.of(
          NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.of(critical.payloadType));
    }
    if (this instanceof InvalidMessageId id) {
      return NotifyPayload.of(
          NotifyType.INVALID_MESSAGE_ID, new ByteWriter().u32(id.messageId).toBytes());
    }
    if (this instanceof InvalidKeyExchange ke) {
      return SuiteNegotiation.invalidKe(ke.wanted);
    }
    return NotifyPayload.of(type());
  }

  /** The type of its notify. */
  NotifyType type();
}

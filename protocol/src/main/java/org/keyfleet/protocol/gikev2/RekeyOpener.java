package org.keyfleet.protocol.gikev2;

import java.util.Optional;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Reassembler;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SkOpener;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * A member's end of a Rekey SA, "only in the inbound direction" (RFC 9838 section 2.3.3): opens
 * GSA_REKEY messages in the order of section 2.4.1.4. Not safe for use by more than one thread.
 */
public final class RekeyOpener implements AutoCloseable {
  // Ours: the two messages of a membership change go out together, each perhaps in copies
  private static final int MAX_INCOMPLETE_MESSAGES = 4;

  /** How long the fragments of one message, copies included, may take: 30 s. */
  private static final long FRAGMENTS_TIMEOUT_NANOS = 30_000_000_000L;

  private final GroupSaId sa;
  private final KeyWrap keyWrap;
  private final SkOpener opener;
  private final MessageIdGuard messageIds;
  private RekeyVerifier verifier;

  /**
   * Copies the keys it needs; {@code keys} stays open.
   *
   * @param messageIds owned by this object
   */
  public RekeyOpener(
      GroupSaId sa,
      RekeySuite suite,
      RekeySaKeys keys,
      RekeyVerifier verifier,
      MessageIdGuard messageIds) {
    if (!sa.isRekeySa()) {
      throw new IllegalArgumentException(sa + " is no Rekey SA");
    }
    this.sa = sa;
    this.keyWrap = suite.keyWrap();
    this.messageIds = messageIds;
    this.verifier = verifier;
    Reassembler fragments = new Reassembler(MAX_INCOMPLETE_MESSAGES, FRAGMENTS_TIMEOUT_NANOS);
    this.opener =
        new SkOpener(
            suite.cipher(),
            keys.encryption().copy(),
            keys.integrity().copy(),
            Optional.of(fragments));
  }

  /** The Rekey SA a datagram claims to be for; empty when it is no GSA_REKEY. */
  public static Optional<GroupSaId> target(InboundMessage message) {
    return message.header().exchange() == ExchangeType.GSA_REKEY && message instanceof SealedMessage
        ? Optional.of(GroupSaId.ofHeader(message.header()))
        : Optional.empty();
  }

  public GroupSaId sa() {
    return sa;
  }

  /** The verifier with the current authentication key; it goes on to the next Rekey SA. */
  public RekeyVerifier verifier() {
    return verifier;
  }

  /** The lowest Message ID that is acceptable. */
  public long nextMessageId() {
    return messageIds.next();
  }

  /** Reads a datagram and opens it. */
  public RekeyOpening open(Bytes datagram, long nowNanos)
      throws NotAuthenticException, MalformedMessageException, NotAllowedHereException {
    InboundMessage message = InboundMessage.parse(datagram);
    if (!(message instanceof SealedMessage sealed)) {
      throw new MalformedMessageException("GSA_REKEY in the clear");
    }
    return open(sealed, nowNanos);
  }

  /**
   * Decrypts and verifies the integrity, verifies the AUTH payload, verifies the Message ID, reads
   * the content, in this order. Only that what claims an old Message ID is dropped before any work,
   * so that replayed fragments take no room. State changes when the message is authentic: its
   * Message ID is used up, also when its content then breaks a rule, and a new AUTH_KEY in it
   * verifies the messages after it.
   *
   * @throws NotAuthenticException when ICV or AUTH is wrong: drop the datagram
   * @throws MalformedMessageException when the format is broken
   * @throws NotAllowedHereException when the message is authentic and breaks a rule
   */
  public RekeyOpening open(SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException, NotAllowedHereException {
    if (!target(message).equals(Optional.of(sa))) {
      throw new MalformedMessageException("GSA_REKEY for another SA");
    }
    long messageId = message.header().messageId();
    // section 8.2.4: "less than or equal to the last received value MUST be discarded"
    if (!messageIds.isFresh(messageId)) {
      return new RekeyOpening.Stale(messageId);
    }
    Optional<OpenedMessage> whole = opener.open(message, nowNanos);
    if (whole.isEmpty()) {
      return new RekeyOpening.Incomplete();
    }
    OpenedMessage opened = whole.get();
    Optional<SignedRekey> signed = verifier.verify(opened);
    long missed = messageIds.accept(messageId);
    RekeyContent content = content(opened);
    if (content.update().isPresent()) {
      ContextRules.checkWrapKeySizes(content.update().get().keys().memberBag(), keyWrap);
    }
    if (content.newAuthKey().isPresent()) {
      verifier = verifier.rolledOver(content.newAuthKey().get());
    }
    return new RekeyOpening.Fresh(new AuthenticRekey(sa, messageId, missed, content, signed));
  }

  /** The Message ID is used up: what is malformed in an authentic message does not come again. */
  private static RekeyContent content(OpenedMessage opened) throws NotAllowedHereException {
    try {
      return RekeyContent.of(opened.payloads(), MessageContext.REKEY);
    } catch (MalformedMessageException e) {
      throw new NotAllowedHereException("authentic, but malformed: " + e.getMessage());
    }
  }

  /** Forgets fragments that waited too long; call it from a timer. */
  public void expire(long nowNanos) {
    opener.expire(nowNanos);
  }

  @Override
  public void close() {
    opener.close();
  }
}

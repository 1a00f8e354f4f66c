package org.keyfleet.protocol.gikev2;

import java.security.SecureRandom;
import java.util.List;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IvSource;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SkSealer;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * The GCKS's end of a Rekey SA: makes GSA_REKEY messages (RFC 9838 sections 2.4.1.1 to 2.4.1.3). It
 * has no way to open one, as the member's {@link RekeyOpener} has none to seal: "the limitation for
 * Rekey SA to be outbound/inbound only, helps to prevent reflection attack" (section 8.2.4).
 *
 * <p>With an AEAD cipher the IV is the Message ID and the fragment number, so it repeats when a
 * Message ID is sealed twice. This object refuses that; its owner writes the Message ID and the
 * datagrams to stable storage before the first one leaves, and never seals one again after a
 * restart. Copies of a message are the same datagrams: they "MUST be bitwise identical".
 *
 * <p>Not safe for use by more than one thread.
 */
public final class RekeySealer implements AutoCloseable {
  /** No limit for {@code maxDatagramOctets}: never fragment. */
  public static final int UNFRAGMENTED = Integer.MAX_VALUE;

  private final GroupSaId sa;
  private final SkSealer sealer;
  private long nextMessageId;

  /**
   * Copies the keys it needs; {@code keys} stays open.
   *
   * @param nextMessageId the lowest Message ID not used yet. Section 2.4.1.3: "The first message
   *     sent over a new Rekey SA MUST use Message ID of 0."
   * @param random for the IVs of CBC ciphers
   */
  public RekeySealer(
      GroupSaId sa, RekeySuite suite, RekeySaKeys keys, long nextMessageId, SecureRandom random) {
    if (!sa.isRekeySa()) {
      throw new IllegalArgumentException(sa + " is no Rekey SA");
    }
    this.sa = sa;
    this.nextMessageId = nextMessageId;
    IvSource ivs =
        suite.cipher().aead()
            ? RekeySealer::messageIv
            : IvSource.random(random, suite.cipher().ivOctets());
    this.sealer =
        new SkSealer(suite.cipher(), keys.encryption().copy(), keys.integrity().copy(), ivs);
  }

  private static Bytes messageIv(long messageId, int fragmentNumber) {
    return new ByteWriter().u32(messageId).u32(fragmentNumber).toBytes();
  }

  public GroupSaId sa() {
    return sa;
  }

  /** The Message ID of the next message. */
  public long nextMessageId() {
    return nextMessageId;
  }

  /**
   * Seals a message with a digital signature.
   *
   * @param maxDatagramOctets longest datagram, or {@link #UNFRAGMENTED}. Section 2.4.1.2: fragment
   *     only when all members support it; the threshold is configured, as nothing comes back
   * @return the datagrams, to be sent in this order; nothing is sealed when an exception is thrown
   * @throws NotAllowedHereException when the content breaks a rule of section 5 or 3.2.1
   */
  public List<Bytes> sealSigned(RekeyContent content, Signer signer, int maxDatagramOctets)
      throws SigningException, NotAllowedHereException {
    check(content);
    List<Payload> payloads = RekeySignature.signed(header(), content.payloads(), signer);
    return seal(payloads, maxDatagramOctets);
  }

  /** Seals a message with implicit authentication: without AUTH, for small trusted groups. */
  public List<Bytes> sealImplicit(RekeyContent content, int maxDatagramOctets)
      throws NotAllowedHereException {
    check(content);
    if (content.newAuthKey().isPresent()) {
      throw new NotAllowedHereException("AUTH_KEY with implicit authentication");
    }
    return seal(content.payloads(), maxDatagramOctets);
  }

  private static void check(RekeyContent content) throws NotAllowedHereException {
    if (content.update().isPresent()) {
      GroupUpdate update = content.update().get();
      ContextRules.check(MessageContext.REKEY, update.policy(), update.keys());
      ForwardAccess.check(update.policy(), update.keys());
      if (update.keys().wireOctets() > KeyDownload.MAX_OCTETS) {
        throw new IllegalArgumentException(
            "keys of " + update.keys().wireOctets() + " octets: split the rekey");
      }
    }
  }

  private List<Bytes> seal(List<Payload> payloads, int maxDatagramOctets) {
    IkeHeader header = header();
    nextMessageId++;
    return sealer.seal(header, payloads, maxDatagramOctets);
  }

  /** Flags I and R are clear: nobody initiated a Rekey SA, and there is no answer. */
  private IkeHeader header() {
    return new IkeHeader(
        sa.initiatorSpi(), sa.responderSpi(), ExchangeType.GSA_REKEY, false, false, nextMessageId);
  }

  @Override
  public void close() {
    sealer.close();
  }
}

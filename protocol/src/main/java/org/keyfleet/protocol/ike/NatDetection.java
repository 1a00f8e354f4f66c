package org.keyfleet.protocol.ike;

import java.util.List;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/**
 * NAT_DETECTION_SOURCE_IP and NAT_DETECTION_DESTINATION_IP (RFC 7296 section 2.23): {@code
 * SHA-1(SPIi | SPIr | IP | Port)} as the sender sees the addresses. SHA-1 is what the format asks
 * for; it protects nothing here.
 *
 * @param peerBehindNat the peer's address was changed on the way
 * @param weBehindNat our address was changed on the way
 */
public record NatDetection(boolean peerBehindNat, boolean weBehindNat) {
  /**
   * One end of the path.
   *
   * @param address 4 or 16 octets
   */
  public record Endpoint(Bytes address, int port) {}

  private static final NatDetection NONE = new NatDetection(false, false);

  /** The two notifies of a message from {@code source} to {@code destination}. */
  public static List<NotifyPayload> notifies(
      IkeSpi initiatorSpi, IkeSpi responderSpi, Endpoint source, Endpoint destination) {
    return List.of(
        NotifyPayload.of(
            NotifyType.NAT_DETECTION_SOURCE_IP, hash(initiatorSpi, responderSpi, source)),
        NotifyPayload.of(
            NotifyType.NAT_DETECTION_DESTINATION_IP,
            hash(initiatorSpi, responderSpi, destination)));
  }

  /**
   * Compares a peer's notifies with the addresses of the datagram that brought them. A peer with
   * several addresses sends several source hashes, of which one must match; without the notifies
   * there is no NAT to be seen.
   */
  public static NatDetection detect(
      IkeHeader header, PayloadList payloads, Endpoint source, Endpoint destination) {
    List<NotifyPayload> notifies = payloads.every(NotifyPayload.class);
    if (!payloads.hasNotify(NotifyType.NAT_DETECTION_SOURCE_IP)
        || !payloads.hasNotify(NotifyType.NAT_DETECTION_DESTINATION_IP)) {
      return NONE;
    }
    Bytes sourceHash = hash(header.initiatorSpi(), header.responderSpi(), source);
    Bytes destinationHash = hash(header.initiatorSpi(), header.responderSpi(), destination);
    return new NatDetection(
        !anyMatches(notifies, NotifyType.NAT_DETECTION_SOURCE_IP, sourceHash),
        !anyMatches(notifies, NotifyType.NAT_DETECTION_DESTINATION_IP, destinationHash));
  }

  /** Whether both sides move to the port with the non-ESP marker. */
  public boolean any() {
    return peerBehindNat || weBehindNat;
  }

  private static boolean anyMatches(List<NotifyPayload> notifies, NotifyType type, Bytes hash) {
    return notifies.stream().anyMatch(notify -> notify.is(type) && notify.data().equals(hash));
  }

  static Bytes hash(IkeSpi initiatorSpi, IkeSpi responderSpi, Endpoint endpoint) {
    byte[] input =
        new ByteWriter()
            .bytes(initiatorSpi.octets())
            .bytes(responderSpi.octets())
            .bytes(endpoint.address)
            .u16(endpoint.port)
            .toArray();
    SHA1Digest digest = new SHA1Digest();
    digest.update(input, 0, input.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return Bytes.copyOf(hash);
  }
}

package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SignatureScheme;

/**
 * SIGNATURE_HASH_ALGORITHMS (RFC 7427 section 4, RFC 8420): the hash functions of the signatures
 * that a peer can verify, 16 bits each.
 */
public record SignatureHashes(List<Integer> hashIds) {
  private static final int MAX_HASHES = 32;

  public SignatureHashes {
    if (hashIds.isEmpty() || hashIds.size() > MAX_HASHES) {
      throw new IllegalArgumentException(hashIds.size() + " hash algorithms");
    }
    hashIds = List.copyOf(hashIds);
  }

  /** All that our schemes use. */
  public static SignatureHashes ours() {
    return new SignatureHashes(
        Stream.of(SignatureScheme.values())
            .map(SignatureScheme::hashId)
            .distinct()
            .sorted()
            .toList());
  }

  /** What a peer announced in IKE_SA_INIT; empty when it sent no such notify. */
  public static Optional<SignatureHashes> find(PayloadList payloads)
      throws MalformedMessageException {
    Optional<NotifyPayload> notify = payloads.notify(NotifyType.SIGNATURE_HASH_ALGORITHMS);
    return notify.isEmpty() ? Optional.empty() : Optional.of(decode(notify.get()));
  }

  static SignatureHashes decode(NotifyPayload notify) throws MalformedMessageException {
    ByteReader in = notify.data().reader();
    if (!in.hasRemaining() || in.remaining() > 2 * MAX_HASHES) {
      throw new MalformedMessageException("hash algorithms: " + in.remaining() + " octets");
    }
    List<Integer> ids = new ArrayList<>();
    while (in.hasRemaining()) {
      ids.add(in.u16("hash algorithm"));
    }
    return new SignatureHashes(ids);
  }

  public NotifyPayload toNotify() {
    ByteWriter out = new ByteWriter();
    hashIds.forEach(out::u16);
    return NotifyPayload.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, out.toBytes());
  }

  /** "a peer MUST pick one algorithm sent by the other peer." */
  public boolean allows(SignatureScheme scheme) {
    return hashIds.contains(scheme.hashId());
  }
}

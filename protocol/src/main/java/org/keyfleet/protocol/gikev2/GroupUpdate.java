package org.keyfleet.protocol.gikev2;

import java.util.Optional;
import org.keyfleet.protocol.ike.GsaPayload;
import org.keyfleet.protocol.ike.KdPayload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** SAs of a group with the keys that go with them: a GSA and a KD payload. */
public record GroupUpdate(GroupPolicy policy, KeyDownload keys) {

  /**
   * Reads the response of a GSA_AUTH or GSA_REGISTRATION.
   *
   * @param sender the GROUP_SENDER the member sent, if it did
   * @return empty when the response has neither GSA nor KD: an error, or the answer to a leave
   * @throws NotAllowedHereException when policy or keys break a rule of RFC 9838 section 5
   */
  public static Optional<GroupUpdate> ofRegistration(
      PayloadList payloads, Optional<GroupSender> sender)
      throws MalformedMessageException, NotAllowedHereException {
    Optional<GroupUpdate> update = find(payloads);
    if (update.isPresent()) {
      ContextRules.checkRegistration(update.get().policy, update.get().keys, sender);
    }
    return update;
  }

  /** Reads both payloads and checks nothing between them. */
  static Optional<GroupUpdate> find(PayloadList payloads) throws MalformedMessageException {
    Optional<GsaPayload> gsa = payloads.find(GsaPayload.class);
    Optional<KdPayload> kd = payloads.find(KdPayload.class);
    if (gsa.isEmpty() && kd.isEmpty()) {
      return Optional.empty();
    }
    if (gsa.isEmpty() || kd.isEmpty()) {
      throw new MalformedMessageException("GSA without KD or KD without GSA");
    }
    return Optional.of(new GroupUpdate(GroupPolicy.of(gsa.get()), KeyDownload.of(kd.get())));
  }
}

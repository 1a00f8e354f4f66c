package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * What a GSA_REKEY or GSA_INBAND_REKEY says: {@code GSA, KD, [N]}, {@code D, [N]} or both (RFC 9838
 * sections 2.4.1 to 2.4.3).
 */
public record RekeyContent(
    Optional<GroupUpdate> update, List<GroupDelete> deletes, List<NotifyPayload> notifies) {
  public RekeyContent {
    deletes = List.copyOf(deletes);
    notifies = List.copyOf(notifies);
    if (update.isEmpty() && deletes.isEmpty()) {
      throw new IllegalArgumentException("a rekey that says nothing");
    }
  }

  public static RekeyContent of(GroupPolicy policy, KeyDownload keys) {
    return new RekeyContent(Optional.of(new GroupUpdate(policy, keys)), List.of(), List.of());
  }

  public static RekeyContent ofDeletes(List<GroupDelete> deletes) {
    return new RekeyContent(Optional.empty(), deletes, List.of());
  }

  /**
   * Reads an opened message and checks it by the rules of {@code context}.
   *
   * @param context REKEY or INBAND_REKEY
   * @throws NotAllowedHereException when policy or keys break a rule of the message
   */
  public static RekeyContent of(PayloadList payloads, MessageContext context)
      throws MalformedMessageException, NotAllowedHereException {
    Optional<GroupUpdate> update = GroupUpdate.find(payloads);
    if (update.isPresent()) {
      ContextRules.check(context, update.get().policy(), update.get().keys());
    }
    List<GroupDelete> deletes = new ArrayList<>();
    for (DeletePayload delete : payloads.every(DeletePayload.class)) {
      deletes.add(GroupDelete.of(delete));
    }
    if (update.isEmpty() && deletes.isEmpty()) {
      throw new MalformedMessageException("rekey: neither GSA nor Delete");
    }
    return new RekeyContent(update, deletes, payloads.every(NotifyPayload.class));
  }

  /** The payloads to send, without AUTH. */
  public List<Payload> payloads() {
    List<Payload> all = new ArrayList<>();
    update.ifPresent(
        group -> {
          all.add(group.policy().toPayload());
          // Sender-IDs never travel in a rekey (section 4.5.3.3), so their width is not needed
          all.add(group.keys().toPayload(OptionalInt.empty()));
        });
    deletes.forEach(delete -> all.add(delete.toPayload()));
    all.addAll(notifies);
    return all;
  }

  /** The public key that verifies the messages after this one, when it changes. */
  public Optional<Bytes> newAuthKey() {
    return update.flatMap(group -> group.keys().memberBag().authKey());
  }
}

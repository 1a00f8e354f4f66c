package org.keyfleet.gcks.group;

import java.util.Optional;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.keytree.TreeGkma;

/** Decides who may join (RFC 9838 section 2.3.4). */
final class Authorisation {
  private final GroupSettings settings;
  private final GroupStore store;

  Authorisation(GroupSettings settings, GroupStore store) {
    this.settings = settings;
    this.store = store;
  }

  /**
   * Why the request is refused; empty when it is not.
   *
   * @param waiting joiners of the batch, who need places too
   */
  Optional<NotifyType> refusal(JoinRequest request, boolean member, int waiting)
      throws StoreException {
    String identity = request.identity().text();
    if (!allowed(request) || store.blocked(settings.name(), identity)) {
      return Optional.of(NotifyType.AUTHORIZATION_FAILED);
    }
    if (settings.members().listedOnly() && !store.listed(settings.name(), identity)) {
      return Optional.of(NotifyType.AUTHORIZATION_FAILED);
    }
    if (request.sender() && !settings.members().allowsSending(identity)) {
      return Optional.of(NotifyType.AUTHORIZATION_FAILED);
    }
    if (settings.gkma() != TreeGkma.LKH && !request.keyfleetPeer()) {
      return Optional.of(NotifyType.NO_PROPOSAL_CHOSEN);
    }
    if (settings.strict() && !canAgree(request)) {
      return Optional.of(NotifyType.AUTHORIZATION_FAILED);
    }
    if (!member && store.memberCount(settings.name()) + waiting >= settings.capacity()) {
      return Optional.of(NotifyType.REGISTRATION_FAILED);
    }
    return Optional.empty();
  }

  private boolean allowed(JoinRequest request) {
    String identity = request.identity().text();
    return switch (request.authentication()) {
      case CERTIFICATE -> settings.members().allowsCertificate(identity);
      case PSK -> settings.members().allowsPsk(identity);
    };
  }

  private static boolean canAgree(JoinRequest request) {
    return request.keyfleetPeer()
        && request.publicKeyInfo().flatMap(RootKeyDelivery::agreementPoint).isPresent();
  }
}

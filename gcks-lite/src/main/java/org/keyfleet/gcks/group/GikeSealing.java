package org.keyfleet.gcks.group;

import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Signer;

record GikeSealing(GroupSettings settings, Optional<Signer> signer, FragmentLimit limit)
    implements RekeySealing {
  @Override
  public List<Bytes> seal(RekeySaRow sa, SecretBytes keymat, List<Payload> payloads) {
    return List.of(Bytes.EMPTY);
  }
}

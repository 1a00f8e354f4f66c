package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySealer;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Seals with a fresh sealer each time. That no Message ID is sealed and sent twice is the store's
 * promise: what is not committed is never sent, and what is committed has moved the Message ID on.
 *
 * @param signer empty with implicit authentication
 */
record GikeSealing(
    GroupSettings settings, Optional<Signer> signer, FragmentLimit limit, SecureRandom random)
    implements RekeySealing {
  @Override
  public List<Bytes> seal(RekeySaRow sa, SecretBytes keymat, RekeyContent content)
      throws SigningException {
    RekeySuite suite =
        new RekeySuite(SaKeys.cipher(settings.rekey().suite()), settings.rekey().keyWrap());
    try (RekeySaKeys keys = RekeySaKeys.split(keymat, suite);
        RekeySealer sealer =
            new RekeySealer(GroupSaId.rekey(sa.spi()), suite, keys, sa.nextMessageId(), random)) {
      return signer.isPresent()
          ? sealer.sealSigned(content, signer.get(), limit.maxDatagramOctets())
          : sealer.sealImplicit(content, limit.maxDatagramOctets());
    } catch (MalformedMessageException | NotAllowedHereException e) {
      throw new IllegalStateException("a rekey message of our own is wrong", e);
    }
  }
}

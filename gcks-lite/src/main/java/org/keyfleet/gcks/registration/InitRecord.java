package org.keyfleet.gcks.registration;

import java.util.Optional;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.SignatureHashes;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.KeyShare;

/**
 * What IKE_SA_INIT left behind.
 *
 * @param request and {@code response} as they were sent, for AUTH
 * @param share our half of the key exchange; used once, when the first protected message comes
 * @param hashes what the peer can verify (RFC 7427); empty when it did not say
 * @param fragmentation whether both sides announced RFC 7383
 * @param keyfleetPeer whether the peer sent our Vendor ID
 */
record InitRecord(
    Bytes request,
    Bytes response,
    Bytes initiatorNonce,
    Bytes responderNonce,
    IkeSuite suite,
    KeyShare share,
    Bytes peerValue,
    Optional<SignatureHashes> hashes,
    boolean fragmentation,
    boolean keyfleetPeer) {}

package org.keyfleet.hsm;

import java.util.Map;
import java.util.Set;

/**
 * What a custody can do, measured with known answers when it was opened, never believed.
 *
 * @param level where its keys live
 * @param rolesEnforcedByToken whether the token itself refuses a use against a key's role; if not,
 *     this process does, and whoever runs code in it can get around that
 * @param identities the identity keys it can make
 * @param agrees whether it agrees on keys (ECDH over P-256) without showing the shared secret
 * @param derives whether it derives keys from roots
 * @param chains whether it derives keys from keys that it unwrapped or derived ({@link
 *     KeyRole#CHAIN})
 * @param macs whether it computes HMAC-SHA-256
 * @param maxWrappedOctets the longest wrapped key that {@code unwrap} and {@code release} take; 0
 *     if it does not unwrap
 * @param notes what was measured, by name, for {@code status} and the log
 */
public record Capabilities(
    CustodyLevel level,
    boolean rolesEnforcedByToken,
    Set<IdentityAlgorithm> identities,
    boolean agrees,
    boolean derives,
    boolean chains,
    boolean macs,
    int maxWrappedOctets,
    Map<String, String> notes) {

  public Capabilities {
    identities = Set.copyOf(identities);
    notes = Map.copyOf(notes);
  }
}

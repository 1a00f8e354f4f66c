package org.keyfleet.protocol.ike;

import java.util.List;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;

/**
 * What we accept for an IKE SA, each list in order of preference.
 *
 * @param keyWraps empty to speak plain IKEv2 only
 * @param keyWrapRequired whether a peer without transform type 13 is refused; a GCKS that also
 *     serves plain IKEv2 peers sets it false
 */
public record SuitePolicy(
    List<IkeSuite.Encryption> encryptions,
    List<Prf> prfs,
    List<KeyExchangeMethod> keyExchanges,
    List<KeyWrap> keyWraps,
    boolean keyWrapRequired) {

  /** G-IKEv2: everything we have, the best first. */
  public static final SuitePolicy STANDARD =
      new SuitePolicy(
          List.of(
              IkeSuite.Encryption.AES_GCM_128,
              IkeSuite.Encryption.AES_GCM_256,
              IkeSuite.Encryption.CHACHA20_POLY1305,
              IkeSuite.Encryption.AES_CBC_256_SHA256,
              IkeSuite.Encryption.AES_CBC_128_SHA256),
          List.of(Prf.HMAC_SHA2_256, Prf.HMAC_SHA2_384, Prf.HMAC_SHA2_512),
          List.of(
              KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_256, KeyExchangeMethod.ECP_384),
          List.of(KeyWrap.KW_5649_128, KeyWrap.KW_5649_256, KeyWrap.KW_5649_192),
          true);

  public SuitePolicy {
    encryptions = List.copyOf(encryptions);
    prfs = List.copyOf(prfs);
    keyExchanges = List.copyOf(keyExchanges);
    keyWraps = List.copyOf(keyWraps);
    if (encryptions.isEmpty() || prfs.isEmpty() || keyExchanges.isEmpty()) {
      throw new IllegalArgumentException("a suite policy without a suite");
    }
    if (keyWrapRequired && keyWraps.isEmpty()) {
      throw new IllegalArgumentException("key wrap is required and none is allowed");
    }
  }

  /** The same without key wrap, for a plain IKEv2 peer: it would refuse transform type 13. */
  public SuitePolicy withoutKeyWrap() {
    return new SuitePolicy(encryptions, prfs, keyExchanges, List.of(), false);
  }
}

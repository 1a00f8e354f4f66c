package org.keyfleet.protocol.gikev2;

import java.util.List;
import org.keyfleet.protocol.ike.VendorIdPayload;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Private-use numbers of Keyfleet, described in {@code docs/protocol-extensions.md}. They mean
 * nothing between peers of which one did not send {@link #VENDOR_ID} in IKE_SA_INIT: a private-use
 * attribute of another vendor may have the same number.
 */
public final class KeyfleetExtensions {
  /** "keyfleet g-ikev2 1" in ASCII. */
  public static final Bytes VENDOR_ID = Bytes.ofUtf8("keyfleet g-ikev2 1");

  /** Group SA attribute of a Rekey SA, at registration: {@link KfGkma}. */
  static final int KF_GKMA = 16384;

  /** Member key bag attribute, at registration: {@link KfAgree}. */
  static final int KF_AGREE = 16385;

  /** Member key bag attribute, in GSA_REKEY: {@link KfChain}. */
  static final int KF_CHAIN = 16386;

  private KeyfleetExtensions() {}

  /** Whether the peer speaks these extensions. */
  public static boolean spokenBy(List<VendorIdPayload> vendorIds) {
    return vendorIds.stream().anyMatch(payload -> payload.vendorId().equals(VENDOR_ID));
  }
}

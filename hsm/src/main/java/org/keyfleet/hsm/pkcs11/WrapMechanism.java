package org.keyfleet.hsm.pkcs11;

import java.util.HexFormat;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.params.ByteArrayParams;

/**
 * The ways in which tokens offer AES key wrap with padding (RFC 5649). The numbers are no proof:
 * 0x210A is another padding by the PKCS#11 text and RFC 5649 in SoftHSM. The first one that gives a
 * known answer is taken.
 */
enum WrapMechanism {
  KWP(PKCS11Constants.CKM_AES_KEY_WRAP_KWP, ""),
  KWP_WITH_IV(PKCS11Constants.CKM_AES_KEY_WRAP_KWP, "a65959a6"), // RFC 5649 section 3
  WRAP_PAD(PKCS11Constants.CKM_AES_KEY_WRAP_PAD, "");

  private final long code;
  private final String parameter;

  WrapMechanism(long code, String parameter) {
    this.code = code;
    this.parameter = parameter;
  }

  Mechanism mechanism() {
    return parameter.isEmpty()
        ? new Mechanism(code)
        : new Mechanism(code, new ByteArrayParams(Bytes.fromHex(parameter).toArray()));
  }

  @Override
  public String toString() {
    String hex = HexFormat.of().withUpperCase().toHexDigits((short) code); // all are of 16 bits
    return "0x" + hex + (parameter.isEmpty() ? "" : " with IV");
  }
}

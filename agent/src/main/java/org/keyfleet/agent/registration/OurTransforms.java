package org.keyfleet.agent.registration;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.gikev2.SupportedTransforms;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.ike.TransformType;
import org.keyfleet.protocol.suite.KeyWrap;

/** The SAg payload: what this agent can do (RFC 9838 section 2.3.3, RECOMMENDED to be sent). */
final class OurTransforms {
  private static final int[] AES_KEY_BITS = {128, 256};

  private OurTransforms() {}

  static SaPayload payload() {
    List<Transform> rekeySa = aead();
    for (int bits : AES_KEY_BITS) {
      rekeySa.add(Transform.encryption(TransformIds.ENCR_AES_CBC, bits));
    }
    rekeySa.add(Transform.of(TransformType.INTEG, TransformIds.AUTH_HMAC_SHA2_256_128));
    rekeySa.add(Transform.of(TransformType.INTEG, TransformIds.AUTH_HMAC_SHA2_384_192));
    rekeySa.add(Transform.of(TransformType.INTEG, TransformIds.AUTH_HMAC_SHA2_512_256));
    rekeySa.add(Transform.of(TransformType.GCAUTH, TransformIds.GCAUTH_DIGITAL_SIGNATURE));
    rekeySa.add(Transform.of(TransformType.GCAUTH, TransformIds.GCAUTH_IMPLICIT));
    // section 4.5.4: "it MUST indicate which key wrap algorithms are supported by the GM"
    for (KeyWrap keyWrap : KeyWrap.values()) {
      rekeySa.add(Transform.of(TransformType.KWA, keyWrap.transformId()));
    }
    List<Transform> esp = aead();
    for (SequenceNumbers numbers : SequenceNumbers.values()) {
      esp.add(Transform.of(TransformType.SN, numbers.transformId()));
    }
    return SupportedTransforms.of(rekeySa, esp).toPayload();
  }

  private static List<Transform> aead() {
    List<Transform> transforms = new ArrayList<>();
    for (int bits : AES_KEY_BITS) {
      transforms.add(Transform.encryption(TransformIds.ENCR_AES_GCM_16, bits));
    }
    transforms.add(Transform.of(TransformType.ENCR, TransformIds.ENCR_CHACHA20_POLY1305));
    return transforms;
  }
}

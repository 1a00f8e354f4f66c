package org.keyfleet.hsm.pkcs11;

/** A way in which a token differs from the standard that no known answer finds out at an open. */
enum Quirk {
  /**
   * C_UnwrapKey takes SENSITIVE true and EXTRACTABLE false and makes a key that shows its value; so
   * what it unwraps is never kept in it, also where a later version has AES-KWP.
   */
  UNWRAP_IGNORES_ATTRIBUTES("what it unwraps can be read"),
  /**
   * CKA_VERIFY of a public key becomes CKA_DECRYPT of the private one, and CKA_ENCRYPT its
   * CKA_SIGN: a pair comes out as asked only if the uses stand on the private half alone.
   */
  USES_ON_PRIVATE_HALF("uses of a pair are asked for on the private key only"),
  /**
   * Attributes are notes in a database beside the token: MODIFIABLE false does not keep EXTRACTABLE
   * from being set. The key stays where it is; the next open leaves it out as torn.
   */
  ATTRIBUTES_ARE_NOTES("attributes describe, the device itself keeps its keys in"),
  /**
   * An operation of several calls that failed stays active in its session; {@link TokenSession}
   * makes them in a session that any error ends.
   */
  FAILED_OPERATION_STAYS("a session is dropped after any error"),
  /** No flag tells that the PIN runs out of tries, so the last one is not held back. */
  HIDES_PIN_TRIES("it locks without a warning"),
  /**
   * A lock ends with time, or by the tools of the device; the security officer is locked out too.
   */
  LOCKS_FOR_A_TIME("a lock ends with time"),
  /**
   * Each generated pair stays loaded until C_Finalize, and a connection to tpm2-abrmd has room for
   * 27 objects: {@code recover} makes room.
   */
  GENERATED_KEYS_STAY_LOADED("some twenty new pairs are made between two openings");

  private final String remark;

  Quirk(String remark) {
    this.remark = remark;
  }

  /** What follows from it, in one line for the notes of {@code Capabilities}. */
  String remark() {
    return remark;
  }
}

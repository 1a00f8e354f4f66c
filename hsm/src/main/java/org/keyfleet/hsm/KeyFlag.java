package org.keyfleet.hsm;

/** The attributes of a stored key that matter for custody, named after PKCS#11 3.0 section 4. */
public enum KeyFlag {
  SENSITIVE,
  EXTRACTABLE,
  NEVER_EXTRACTABLE,
  MODIFIABLE,
  ENCRYPT,
  DECRYPT,
  WRAP,
  UNWRAP,
  SIGN,
  DERIVE
}

package org.keyfleet.hsm.pkcs11;

import java.util.Map;
import java.util.Optional;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.PKCS11Constants;

/** What the return values of PKCS#11 (2.40 section 5.1) mean for custody. */
final class Ckr {
  private static final Map<Long, CustodyFault> FAULTS =
      Map.ofEntries(
          Map.entry(PKCS11Constants.CKR_WRAPPED_KEY_INVALID, CustodyFault.BAD_WRAP),
          Map.entry(PKCS11Constants.CKR_WRAPPED_KEY_LEN_RANGE, CustodyFault.BAD_WRAP),
          Map.entry(PKCS11Constants.CKR_ENCRYPTED_DATA_INVALID, CustodyFault.BAD_WRAP),
          Map.entry(PKCS11Constants.CKR_ENCRYPTED_DATA_LEN_RANGE, CustodyFault.BAD_WRAP),
          Map.entry(PKCS11Constants.CKR_PIN_INCORRECT, CustodyFault.PIN),
          Map.entry(PKCS11Constants.CKR_PIN_INVALID, CustodyFault.PIN),
          Map.entry(PKCS11Constants.CKR_PIN_LEN_RANGE, CustodyFault.PIN),
          Map.entry(PKCS11Constants.CKR_PIN_EXPIRED, CustodyFault.PIN),
          Map.entry(PKCS11Constants.CKR_PIN_LOCKED, CustodyFault.PIN_LOCKED),
          Map.entry(PKCS11Constants.CKR_TEMPLATE_INCONSISTENT, CustodyFault.POLICY),
          Map.entry(PKCS11Constants.CKR_KEY_FUNCTION_NOT_PERMITTED, CustodyFault.POLICY),
          Map.entry(PKCS11Constants.CKR_KEY_UNEXTRACTABLE, CustodyFault.POLICY),
          Map.entry(PKCS11Constants.CKR_ACTION_PROHIBITED, CustodyFault.POLICY),
          Map.entry(PKCS11Constants.CKR_MECHANISM_INVALID, CustodyFault.UNSUPPORTED),
          Map.entry(PKCS11Constants.CKR_MECHANISM_PARAM_INVALID, CustodyFault.UNSUPPORTED),
          Map.entry(PKCS11Constants.CKR_FUNCTION_NOT_SUPPORTED, CustodyFault.UNSUPPORTED),
          Map.entry(PKCS11Constants.CKR_OBJECT_HANDLE_INVALID, CustodyFault.NO_KEY),
          Map.entry(PKCS11Constants.CKR_KEY_HANDLE_INVALID, CustodyFault.NO_KEY),
          Map.entry(PKCS11Constants.CKR_UNWRAPPING_KEY_HANDLE_INVALID, CustodyFault.NO_KEY),
          Map.entry(PKCS11Constants.CKR_DEVICE_MEMORY, CustodyFault.TOKEN_FULL),
          Map.entry(PKCS11Constants.CKR_TOKEN_NOT_PRESENT, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_TOKEN_NOT_RECOGNIZED, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_SLOT_ID_INVALID, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_DEVICE_REMOVED, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_DEVICE_ERROR, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_SESSION_HANDLE_INVALID, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_SESSION_CLOSED, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_USER_NOT_LOGGED_IN, CustodyFault.TOKEN_GONE),
          Map.entry(PKCS11Constants.CKR_CRYPTOKI_NOT_INITIALIZED, CustodyFault.TOKEN_GONE));

  private Ckr() {}

  /**
   * The fault of a code that says enough. CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED and the rest do
   * not: they mean a tampered blob as well as a lost token.
   */
  static Optional<CustodyFault> fault(long code) {
    return Optional.ofNullable(FAULTS.get(code));
  }
}

package org.keyfleet.hsm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A token or the soft store did not do what was asked. The message is one line for the operator; it
 * never holds a key, a PIN or a wrapped key.
 */
public class CustodyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** {@link #vendorCode} where the back end gave none. */
  public static final long NO_CODE = -1;

  private final CustodyFault fault;
  private final long vendorCode;

  public CustodyException(CustodyFault fault, String message) {
    this(fault, NO_CODE, message, null);
  }

  public CustodyException(CustodyFault fault, String message, @Nullable Throwable cause) {
    this(fault, NO_CODE, message, cause);
  }

  /**
   * @param vendorCode the back end's own code, for example a CKR_ value, or {@link #NO_CODE}
   */
  public CustodyException(
      CustodyFault fault, long vendorCode, String message, @Nullable Throwable cause) {
    super(text(fault, vendorCode, message), cause);
    this.fault = fault;
    this.vendorCode = vendorCode;
  }

  public CustodyFault fault() {
    return fault;
  }

  /** The back end's own code (for PKCS#11 the CKR_ value), or {@link #NO_CODE}. */
  public long vendorCode() {
    return vendorCode;
  }

  private static String text(CustodyFault fault, long vendorCode, String message) {
    String code = vendorCode == NO_CODE ? "" : String.format(Locale.ROOT, " (0x%x)", vendorCode);
    return fault + ": " + message + code;
  }
}

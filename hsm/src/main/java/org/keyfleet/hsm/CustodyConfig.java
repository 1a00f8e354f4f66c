package org.keyfleet.hsm;

import java.nio.file.Path;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;

/** Which custody to open. */
public sealed interface CustodyConfig {
  /** Keys in host memory and in one encrypted file. */
  record Soft(Path file) implements CustodyConfig {}

  /**
   * Keys in a PKCS#11 token.
   *
   * @param uri names the library ({@code module-path}) and the token ({@code token}, {@code
   *     serial}, {@code manufacturer}, {@code model}, {@code slot-id}: as many as tell it apart)
   */
  record Pkcs11(Pkcs11Uri uri) implements CustodyConfig {}
}

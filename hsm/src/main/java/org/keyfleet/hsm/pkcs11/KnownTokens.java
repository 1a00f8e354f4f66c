package org.keyfleet.hsm.pkcs11;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The quirks of tokens that were tried. A row is there because it was measured; a token that is not
 * here has none, and what can be measured at an open is measured and not looked up.
 */
final class KnownTokens {
  /**
   * One kind of token.
   *
   * @param library the manufacturer that the library names (CK_INFO)
   * @param description the library's description, or the empty string for any
   */
  private record Row(String library, String description, Set<Quirk> quirks) {
    boolean fits(String actualLibrary, String actualDescription) {
      return library.equals(actualLibrary)
          && (description.isEmpty() || description.equals(actualDescription));
    }
  }

  private static final List<Row> ROWS =
      List.of(
          // tpm2-pkcs11 1.9.0 with swtpm 0.7.1 behind tpm2-abrmd 3.0.0
          new Row(
              "tpm2-software.github.io",
              "",
              EnumSet.of(
                  Quirk.USES_ON_PRIVATE_HALF,
                  Quirk.ATTRIBUTES_ARE_NOTES,
                  Quirk.FAILED_OPERATION_STAYS,
                  Quirk.HIDES_PIN_TRIES,
                  Quirk.LOCKS_FOR_A_TIME,
                  Quirk.GENERATED_KEYS_STAY_LOADED)),
          // openCryptoki 3.8.1, its soft token
          new Row("IBM", "Meta PKCS11 LIBRARY", EnumSet.of(Quirk.UNWRAP_IGNORES_ATTRIBUTES)));

  private KnownTokens() {}

  static Set<Quirk> quirks(String library, String description) {
    Set<Quirk> found = EnumSet.noneOf(Quirk.class);
    for (Row row : ROWS) {
      if (row.fits(library, description)) {
        found.addAll(row.quirks());
      }
    }
    return found;
  }
}

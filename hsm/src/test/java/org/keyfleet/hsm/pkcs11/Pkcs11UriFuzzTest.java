package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

/** Whatever stands where a token is named is a URI that prints itself, or is refused in a line. */
@Tag("fuzz")
final class Pkcs11UriFuzzTest {
  @FuzzTest
  void parsedOrRefused(byte[] octets) {
    String text = "pkcs11:" + new String(octets, StandardCharsets.UTF_8);
    try {
      Pkcs11Uri uri = Pkcs11Uri.parse(text);
      assertEquals(uri, Pkcs11Uri.parse(uri.toString()));
    } catch (IllegalArgumentException refused) {
      assertTrue(String.valueOf(refused.getMessage()).startsWith("PKCS#11 URI: "), text);
    }
  }
}
